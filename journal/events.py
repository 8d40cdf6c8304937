"""The journal itself: the events of each conversation, appended once per (conversation, seq)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import AwareDatetime, JsonValue
from sqlalchemy import bindparam, select

from domain.event import Event
from domain.model import Value
from journal import projections
from journal.dialect import prepared
from journal.tables import journal
from journal.transaction import Transaction


class JournalRow(Value):
    """One event as the journal keeps it; `at` by the workflow's clock, `recorded_at` by ours."""

    id: int
    conversation_id: str
    seq: int
    kind: str
    """One of `EventKind`, or one that another version of Prosa has written."""
    at: AwareDatetime
    recorded_at: AwareDatetime
    card: str | None
    flow: str | None
    version: str | None
    data: dict[str, JsonValue]
    fingerprint: str


class Divergence(Value):
    """An event that was written again with another content: the workflow stands behind its journal."""

    seq: int
    stored_kind: str
    stored_fingerprint: str
    kind: str
    fingerprint: str


async def record(
    c: Transaction, conversation_id: str, events: Sequence[Event], now: datetime
) -> tuple[Divergence, ...]:
    """Append *events*, leaving alone those that are there; return those that are there and differ.

    The conversation's projection follows.
    """
    rows = [
        event.model_dump(mode="json", exclude={"at"})
        | {
            "conversation_id": conversation_id,
            "at": event.at,
            "recorded_at": now,
            "fingerprint": event.fingerprint(),
        }
        for event in events
    ]
    written = set((await c.execute(_APPEND(c), rows)).scalars().all()) if rows else set[int]()
    await projections.apply(c, conversation_id, rows if len(written) == len(rows) else ())
    again = [event for event in events if event.seq not in written]
    return await _compare(c, conversation_id, again) if again else ()


async def read(c: Transaction, conversation_id: str, after: int = 0) -> list[JournalRow]:
    """Return the events of a conversation with a seq above *after*, in order."""
    rows = (await c.execute(_AFTER, {"of": conversation_id, "after": after})).mappings()
    return [JournalRow.model_validate(dict(row)) for row in rows]


async def _compare(c: Transaction, conversation_id: str, again: Sequence[Event]) -> tuple[Divergence, ...]:
    stored = select(journal.c.seq, journal.c.kind, journal.c.fingerprint).where(
        journal.c.conversation_id == conversation_id, journal.c.seq.in_([event.seq for event in again])
    )
    known = {row[0]: (row[1], row[2]) for row in await c.execute(stored)}
    return tuple(
        Divergence(
            seq=event.seq,
            stored_kind=known[event.seq][0],
            stored_fingerprint=known[event.seq][1],
            kind=event.kind,
            fingerprint=event.fingerprint(),
        )
        for event in again
        if known[event.seq][1] != event.fingerprint()
    )


_APPEND: Final = prepared(journal, lambda new: new.on_conflict_do_nothing().returning(journal.c.seq))
_AFTER: Final = (
    select(journal)
    .where(journal.c.conversation_id == bindparam("of"), journal.c.seq > bindparam("after"))
    .order_by(journal.c.seq)
)
