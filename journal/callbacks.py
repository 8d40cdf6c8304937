"""Callbacks of other systems: the conversation that expects one, and how many it has not read."""

from typing import Final

from sqlalchemy import bindparam, func, select

from domain import keys
from domain.conversation import Stage
from domain.model import Value
from journal.tables import conversation, inbox
from journal.transaction import Transaction

KIND: Final = "event"
"""How the inbox calls them."""


class CallbackTarget(Value):
    """The conversation that an event is for."""

    account: str
    channel: str
    address: str
    name: str
    workflow_id: str
    stage: Stage


async def find_target(c: Transaction, key: str) -> CallbackTarget | None:
    """Return the conversation that expects, or has expected, an event under *key*; None when none is known."""
    row = (await c.execute(_HEARER, {"of": key.partition(":")[0]})).mappings().one_or_none()
    return None if row is None else CallbackTarget.model_validate(dict(row))


async def is_known(c: Transaction, account: str, key: str) -> bool:
    """Whether the event under *key* has been told before."""
    return await c.scalar(_KNOWN, {"of": keys.message_id(account, KIND, key)}) is not None


async def unread(c: Transaction, workflow_id: str) -> int:
    """Return how many events wait to be read by *workflow_id*."""
    count: int = await c.scalar(_UNREAD, {"of": workflow_id}) or 0
    return count


_HEARER: Final = select(*(conversation.c[name] for name in CallbackTarget.model_fields)).where(
    conversation.c.conversation_id == bindparam("of")
)
_KNOWN: Final = select(inbox.c.id).where(inbox.c.message_id == bindparam("of"))
_UNREAD: Final = select(func.count()).where(
    inbox.c.workflow_id == bindparam("of"),
    inbox.c.state.in_(["received", "forwarded"]),
    inbox.c.kind == KIND,
)
