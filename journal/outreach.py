"""Conversations that the company opens: a row of the inbox like any other, unless one is open with that contact."""

from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import and_, bindparam, exists, or_, select

from domain import keys
from domain.message import Inbound, Outreach
from domain.model import Value
from journal import inbox as arriving
from journal.inbox import InboxItem
from journal.tables import conversation, inbox
from journal.transaction import Transaction

Outcome = Literal["opened", "repeated", "already_open", "key_taken"]
"""What becomes of a wish: its key may have opened that conversation before, or another one."""


class OpenCommand(Value):
    """A command to open a conversation: the contact's address and the first message or flow."""

    key: str
    """Of the opener: what repeats it opens nothing."""
    account: str
    channel: str
    address: str
    name: str = ""
    workflow_id: str
    outreach: Outreach

    @property
    def conversation_id(self) -> str:
        """Id of the conversation that it opens."""
        return keys.event_id(self.account, keys.OUTREACH, self.key)


async def open_(c: Transaction, wish: OpenCommand, now: datetime) -> Outcome:
    """Have the conversation opened that *wish* is about, unless one is open with the contact, or about to be.

    The relay tells the workflow. Whatever arrives from the contact meanwhile stands in the lane behind it.
    """
    workflow_id = await arriving.workflow_for(c, wish.account, wish.address) or wish.workflow_id
    await arriving.enter(c, workflow_id)
    before = await _opened_by(c, wish)
    if before is not None:
        return before
    if await c.scalar(_BUSY, {"to": workflow_id, "on": wish.account, "with": wish.address}):
        return "already_open"
    payload = Inbound(event_id=wish.conversation_id, at=now, outreach=wish.outreach)
    arrival = InboxItem(
        account=wish.account,
        channel=wish.channel,
        kind=keys.OUTREACH,
        provider_event_id=wish.key,
        workflow_id=workflow_id,
        address=wish.address,
        name=wish.name,
        payload=payload,
        received_at=now,
    )
    received = await arriving.receive(c, arrival, owner=wish.key, lease=timedelta(), now=now)
    return "opened" if received.new else await _opened_by(c, wish) or "repeated"


async def _opened_by(c: Transaction, wish: OpenCommand) -> Outcome | None:
    """Return what the key of *wish* has done before; None when nothing."""
    row = (await c.execute(_REPEATED, {"event": wish.conversation_id})).one_or_none()
    if row is None:
        return None
    same = row.address == wish.address and row.payload["outreach"]["flow"] == wish.outreach.flow
    return "repeated" if same else "key_taken"


_REPEATED: Final = select(inbox.c.address, inbox.c.payload).where(inbox.c.event_id == bindparam("event"))
_BUSY: Final = select(
    or_(
        exists().where(inbox.c.workflow_id == bindparam("to"), inbox.c.state.in_(["received", "forwarded"])),
        exists().where(
            or_(
                conversation.c.workflow_id == bindparam("to"),
                and_(conversation.c.account == bindparam("on"), conversation.c.address == bindparam("with")),
            ),
            conversation.c.stage != "ended",
        ),
    )
)
"""A conversation is open with the contact, or has said something that is not yet read."""
