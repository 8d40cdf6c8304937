"""Files that visitors of web chats upload: counted against quotas, and removed when no message says them."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, select, update

from domain.model import Value
from journal.dialect import insert, lock
from journal.files import FileStore
from journal.tables import upload
from journal.transaction import Transaction

DAY: Final = timedelta(days=1)
"""The time in which uploads are counted."""
UNSAID: Final = timedelta(days=2)
"""How long a file waits for the message that says it."""
_CLOCKS: Final = timedelta(milliseconds=2)
"""How far the kept time of an upload may be before that of its file."""


class Uploader(Value):
    """Who uploads: a session of a web chat's account, at a network address."""

    account: str
    session: str
    place: str = ""
    """Keyed hash of the network address; empty for this machine, which has no quota."""


class Quota(Value):
    """Files, and bytes of them, in a day."""

    files: int
    bytes: int


class Quotas(Value):
    """Quotas of one upload."""

    session: Quota
    place: Quota
    account_bytes: int


async def begin(c: Transaction, by: Uploader, size: int, quotas: Quotas, now: datetime) -> int | None:
    """Count a file of *size* bytes at most that *by* begins to upload: its number, or None beyond a quota."""
    await lock(c, f"upload:{by.account}")
    about = {"on": by.account, "of": by.session, "from": by.place, "since": now - DAY}
    used = (await c.execute(_USED, about)).one()
    if (
        used.session_files >= quotas.session.files
        or (used.session_bytes or 0) + size > quotas.session.bytes
        or (by.place and used.place_files >= quotas.place.files)
        or (by.place and (used.place_bytes or 0) + size > quotas.place.bytes)
        or (used.account_bytes or 0) + size > quotas.account_bytes
    ):
        return None
    new: dict[str, Any] = {**by.model_dump(), "file_id": "", "size": size, "at": now, "said": False}
    number: int = (await c.execute(insert(c, upload).values(new).returning(upload.c.id))).scalar_one()
    return number


async def end(c: Transaction, number: int, file_id: str, size: int, now: datetime) -> None:
    """Note what came of an upload: *size* bytes, and the file, unless it was in the store before or was refused."""
    await c.execute(_END, {"number": number, "file": file_id, "bytes": size, "now": now})


async def say(c: Transaction, account: str, session: str, file_ids: list[str]) -> None:
    """Note that a message of *session* says these files: they stay."""
    await c.execute(_SAY, {"on": account, "of": session, "files": file_ids})


async def forget(c: Transaction, before: datetime) -> dict[str, datetime]:
    """Forget the uploads from before that moment; return the files that no message has said, and when each came."""
    unsaid = {row.file_id: row.at for row in await c.execute(_UNSAID, {"before": before})}
    await c.execute(_FORGET, {"before": before})
    return unsaid


def discard(files: FileStore, unsaid: dict[str, datetime]) -> int:
    """Remove the files that nobody has put again since they came; return how many."""
    return sum(files.discard(file_id, came + _CLOCKS) for file_id, came in unsaid.items())


_OF_SESSION: Final = upload.c.session == bindparam("of")
_OF_PLACE: Final = upload.c.place == bindparam("from")
_USED: Final = select(
    func.count().filter(_OF_SESSION).label("session_files"),
    func.sum(upload.c.size).filter(_OF_SESSION).label("session_bytes"),
    func.count().filter(_OF_PLACE).label("place_files"),
    func.sum(upload.c.size).filter(_OF_PLACE).label("place_bytes"),
    func.sum(upload.c.size).label("account_bytes"),
).where(upload.c.account == bindparam("on"), upload.c.at > bindparam("since"))
_END: Final = (
    update(upload)
    .where(upload.c.id == bindparam("number"))
    .values(file_id=bindparam("file"), size=bindparam("bytes"), at=bindparam("now"))
)
_SAY: Final = (
    update(upload)
    .where(
        upload.c.file_id.in_(bindparam("files", expanding=True)),
        upload.c.account == bindparam("on"),
        upload.c.session == bindparam("of"),
    )
    .values(said=True)
)
_OLD: Final = upload.c.at < bindparam("before")
_UNSAID: Final = select(upload.c.file_id, upload.c.at).where(_OLD, upload.c.file_id != "", upload.c.said.is_(False))
_FORGET: Final = delete(upload).where(_OLD)
