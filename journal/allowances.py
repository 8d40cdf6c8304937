"""What may be done so often in a while: look-ups of one asker, codes to one customer, guesses of one's data."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, select

from domain.model import Value
from journal.dialect import lock, prepared
from journal.tables import allowance, conversation, inbox
from journal.transaction import Transaction

KEPT: Final = timedelta(days=1)
"""The longest while; what is older is forgotten."""


class Allowance(Value):
    """So many different things in a while."""

    most: int
    within: timedelta


class Asker(Value):
    """Whose conversation it is, and where the contact's last message came from."""

    account: str
    address: str
    origin: str = ""
    """Keyed hash of the network address; empty where the channel does not know it."""


async def take(c: Transaction, purpose: str, subject: str, item: str, limit: Allowance, now: datetime) -> bool:
    """Say whether *subject* may do *item*, and count it; what was counted in this while may be done again for nothing.

    *subject* and *item* are keyed hashes: nobody reads in the table who was looked up.
    """
    await lock(c, f"{purpose}:{subject}")
    await c.execute(_FORGET, {"before": now - KEPT})
    since = {"of": purpose, "by": subject, "since": now - limit.within}
    done = set((await c.scalars(_DONE, since)).all())
    if item in done:
        return True
    if len(done) >= limit.most:
        return False
    await c.execute(_COUNT(c), {"purpose": purpose, "subject": subject, "item": item, "at": now})
    return True


async def note(c: Transaction, purpose: str, subject: str, item: str, now: datetime) -> None:
    """Count *item* of *subject*, whatever has been before."""
    await c.execute(_FORGET, {"before": now - KEPT})
    await c.execute(_COUNT(c), {"purpose": purpose, "subject": subject, "item": item, "at": now})


async def count(c: Transaction, purpose: str) -> int:
    """Return how many things of *purpose* are remembered."""
    return (await c.execute(select(func.count()).where(allowance.c.purpose == purpose))).scalar_one()


async def asker(c: Transaction, conversation_id: str) -> Asker | None:
    """Return whose conversation it is; None when there is no such conversation."""
    row = (await c.execute(_WHOSE, {"id": conversation_id})).one_or_none()
    if row is None:
        return None
    payload: dict[str, Any] | None = await c.scalar(_LAST, {"id": conversation_id})
    return Asker(account=row.account, address=row.address, origin=(payload or {}).get("origin", ""))


_FORGET: Final = delete(allowance).where(allowance.c.at < bindparam("before"))
_DONE: Final = select(allowance.c.item).where(
    allowance.c.purpose == bindparam("of"), allowance.c.subject == bindparam("by"), allowance.c.at > bindparam("since")
)
_COUNT: Final = prepared(
    allowance,
    lambda new: new.on_conflict_do_update(
        index_elements=[allowance.c.purpose, allowance.c.subject, allowance.c.item], set_={"at": new.excluded.at}
    ),
)
_WHOSE: Final = select(conversation.c.account, conversation.c.address).where(
    conversation.c.conversation_id == bindparam("id")
)
_LAST: Final = (
    select(inbox.c.payload)
    .where(inbox.c.consumed_by_conversation == bindparam("id"), inbox.c.kind == "message")
    .order_by(inbox.c.id.desc())
    .limit(1)
)
