"""Sessions of the web chat: links that continue one elsewhere, and the end of one before its tokens expire."""

import hashlib
from datetime import datetime
from typing import Final, Literal

from pydantic import AwareDatetime
from sqlalchemy import bindparam, exists, select, update

from domain.model import Value
from journal.dialect import insert
from journal.tables import ended_session, session_link
from journal.transaction import Transaction

LinkState = Literal["good", "used", "gone"]
"""`gone`: expired, of an ended session, or never ours."""


class SessionLink(Value):
    """A link to a session of an account: whoever uses it first may go on with it."""

    account: str
    session: str
    name: str = ""
    begun: int
    """When the session began, in seconds since 1970."""
    until: AwareDatetime


async def keep_link(c: Transaction, code: str, link: SessionLink) -> None:
    """Keep *link* under the hash of its *code*."""
    await c.execute(insert(c, session_link).values(code_hash=_hash(code), **link.model_dump()))


async def find_link(c: Transaction, account: str, code: str, now: datetime) -> tuple[LinkState, SessionLink | None]:
    """Return how the link with *code* stands, and the link while it is good."""
    row = (await c.execute(_LINK, {"code": _hash(code), "on": account})).mappings().one_or_none()
    if row is not None and row["used_at"] is not None:
        return "used", None
    if row is None or row["until"] <= now or await is_ended(c, account, row["session"]):
        return "gone", None
    return "good", SessionLink.model_validate({name: row[name] for name in SessionLink.model_fields})


async def use_link(c: Transaction, account: str, code: str, now: datetime) -> tuple[LinkState, SessionLink | None]:
    """Use the link up and return it; only one of several callers gets it."""
    state, link = await find_link(c, account, code, now)
    if link is None:
        return state, None
    used = await c.execute(_USE, {"code": _hash(code), "now": now})
    return ("good", link) if used.rowcount else ("used", None)


async def end(c: Transaction, account: str, session: str, by: str, now: datetime) -> bool:
    """End *session*; say whether it had not been ended before."""
    row = {"account": account, "session": session, "ended_at": now, "by": by}
    new = insert(c, ended_session).values(row).on_conflict_do_nothing().returning(ended_session.c.session)
    return await c.scalar(new) is not None


async def is_ended(c: Transaction, account: str, session: str) -> bool:
    """Return whether *session* has been ended."""
    return bool(await c.scalar(_ENDED, {"on": account, "of": session}))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


_LINK: Final = select(session_link).where(
    session_link.c.code_hash == bindparam("code"), session_link.c.account == bindparam("on")
)
_USE: Final = (
    update(session_link)
    .where(session_link.c.code_hash == bindparam("code"), session_link.c.used_at.is_(None))
    .values(used_at=bindparam("now"))
)
_ENDED: Final = select(
    exists().where(ended_session.c.account == bindparam("on"), ended_session.c.session == bindparam("of"))
)
