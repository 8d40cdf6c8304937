"""Conversations that the company opens: a row of the inbox like any other, unless one is open with that contact."""

from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import and_, bindparam, exists, or_, select

from domain import keys
from domain.message import Inbound, Outreach
from domain.model import Value
from journal.inbox import InboxItem, enter, receive, workflow_for
from journal.tables import conversation, inbox
from journal.transaction import Transaction

Outcome = Literal["opened", "repeated", "already_open", "key_taken"]
"""Outcome of a command; its key may have opened this conversation before, or another one."""


class OpenCommand(Value):
    """A command to open a conversation: the contact's address and the first message or flow."""

    key: str
    """The opener's key: a second command under it opens nothing."""
    account: str
    channel: str
    address: str
    name: str = ""
    workflow_id: str
    outreach: Outreach

    @property
    def conversation_id(self) -> str:
        """Id of the conversation that it opens."""
        return keys.message_id(self.account, keys.OUTREACH, self.key)


async def open_(c: Transaction, command: OpenCommand, now: datetime) -> Outcome:
    """Have the conversation opened that *command* is about, unless one is open with the contact, or about to be.

    The relay tells the workflow. Whatever arrives from the contact meanwhile stands in the lane behind it.
    """
    workflow_id = await workflow_for(c, command.account, command.address) or command.workflow_id
    await enter(c, workflow_id)
    before = await _opened_by(c, command)
    if before is not None:
        return before
    if await c.scalar(_BUSY, {"to": workflow_id, "on": command.account, "with": command.address}):
        return "already_open"
    payload = Inbound(message_id=command.conversation_id, at=now, outreach=command.outreach)
    item = InboxItem(
        account=command.account,
        channel=command.channel,
        kind=keys.OUTREACH,
        provider_message_id=command.key,
        workflow_id=workflow_id,
        address=command.address,
        name=command.name,
        payload=payload,
        received_at=now,
    )
    received = await receive(c, item, owner=command.key, lease=timedelta(), now=now)
    return "opened" if received.new else await _opened_by(c, command) or "repeated"


async def _opened_by(c: Transaction, command: OpenCommand) -> Outcome | None:
    """Return the outcome of an earlier command with the same key; None without one."""
    row = (await c.execute(_REPEATED, {"message": command.conversation_id})).one_or_none()
    if row is None:
        return None
    same = row.address == command.address and row.payload["outreach"]["flow"] == command.outreach.flow
    return "repeated" if same else "key_taken"


_REPEATED: Final = select(inbox.c.address, inbox.c.payload).where(inbox.c.message_id == bindparam("message"))
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
