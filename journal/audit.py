"""The audit: the actions of agents and operators, each entry chained to the one before by its hash."""

import hashlib
import json
from datetime import datetime
from typing import Any, Final

from pydantic import AwareDatetime, JsonValue
from sqlalchemy import func, insert, select

from domain.model import Value
from journal.dialect import lock, without_nul
from journal.tables import audit
from journal.transaction import Transaction

BEGINNING: Final = "0" * 64
"""Hash before the first entry."""
_BATCH: Final = 1_000


class Entry(Value):
    """One action of a person; *subject* is the conversation or message it changed (a protocol, a message's key)."""

    number: int
    at: AwareDatetime
    by: str
    action: str
    subject: str
    reason: str
    data: dict[str, JsonValue]
    previous: str
    hash: str

    def expected_hash(self) -> str:
        """Return the SHA-256, in hex, that the rest of this entry makes."""
        milliseconds = int(self.at.timestamp() * 1000)
        content = [self.number, milliseconds, self.by, self.action, self.subject, self.reason, self.data, self.previous]
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


async def append(  # noqa: PLR0913 who did what to what, why and when
    c: Transaction, *, by: str, action: str, subject: str, reason: str, now: datetime, data: dict[str, JsonValue]
) -> Entry:
    """Add an entry about an act before it is carried out, in the act's own transaction where there is one."""
    await lock(c, "audit")
    last = await head(c)
    unhashed = Entry(
        number=last.number + 1 if last else 1,
        at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        by=without_nul(by),
        action=action,
        subject=without_nul(subject),
        reason=without_nul(reason),
        data=data,
        previous=last.hash if last else BEGINNING,
        hash="",
    )
    entry = unhashed.model_copy(update={"hash": unhashed.expected_hash()})
    await c.execute(insert(audit).values(entry.model_dump()))
    return entry


async def head(c: Transaction) -> Entry | None:
    """Return the last entry; kept elsewhere, its hash shows that none has been cut off."""
    found = (await c.execute(select(audit).order_by(audit.c.number.desc()).limit(1))).mappings().one_or_none()
    return None if found is None else _entry(found)


async def numbered(c: Transaction, number: int) -> Entry | None:
    """Return one entry; None when there is none."""
    found = (await c.execute(select(audit).where(audit.c.number == number))).mappings().one_or_none()
    return None if found is None else _entry(found)


async def entries(c: Transaction, *, subject: str | None = None, limit: int = 100) -> list[Entry]:
    """Return the entries, the newest first; with *subject*, only those whose subject begins so."""
    found = select(audit).order_by(audit.c.number.desc()).limit(limit)
    if subject is not None:
        found = found.where(audit.c.subject.startswith(subject, autoescape=True))
    return [_entry(row) for row in (await c.execute(found)).mappings()]


async def verify(c: Transaction) -> list[str]:
    """Return a sentence for each entry that is missing, or not as it was written; the chain goes on behind it."""
    wrong: list[str] = []
    number, previous = 0, BEGINNING
    total = await c.scalar(select(func.count()).select_from(audit)) or 0
    for offset in range(0, total, _BATCH):
        page = select(audit).order_by(audit.c.number).offset(offset).limit(_BATCH)
        for row in (await c.execute(page)).mappings():
            entry = _entry(row)
            if entry.number != number + 1:
                wrong.append(f"entry {number + 1} is missing: the one after {number} is {entry.number}")
            elif entry.previous != previous:
                wrong.append(f"entry {entry.number} does not follow the one before it")
            if entry.hash != entry.expected_hash():
                wrong.append(f"entry {entry.number} is not what was written: its hash does not fit")
            number, previous = entry.number, entry.hash
    return wrong


def _entry(row: Any) -> Entry:
    return Entry.model_validate(dict(row))
