"""Counts of waiting rows in inbox and outbox, by state."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, and_, func, not_, or_, select

from journal.tables import conversation, inbox, journal, outbox
from journal.transaction import Transaction

UNREAD: Final = ("received", "forwarded", "dead")
"""The states of messages that no conversation has read."""
UNSETTLED: Final = ("queued", "sending", "unknown")
"""The states of message parts of which nobody knows yet whether the contact got them."""


class Backlog(NamedTuple):
    """The rows of one state."""

    size: int
    oldest: datetime
    reason: str
    """Why one of them still waits; empty when nothing was tried in vain."""


async def unread(c: Transaction, *, resting: bool = True) -> dict[str, Backlog]:
    """Return the counts of unread messages, by state: see UNREAD.

    Without *resting*, messages are left out that a conversation in a delay will read after it (ADR 0013).
    """
    counted = select(inbox.c.state, func.count(), func.min(inbox.c.received_at), func.max(inbox.c.last_error))
    counted = counted.where(inbox.c.state.in_(UNREAD)).group_by(inbox.c.state)
    if not resting:
        kept = or_(inbox.c.kind == "event", inbox.c.workflow_id.in_(_resting()))
        counted = counted.where(not_(and_(inbox.c.state != "dead", kept)))
    return _by_state(await c.execute(counted))


async def unsettled(c: Transaction) -> dict[str, Backlog]:
    """Return the parts that no provider has taken for certain, by state: see UNSETTLED."""
    counted = select(outbox.c.state, func.count(), func.min(outbox.c.queued_at), func.max(outbox.c.reason))
    return _by_state(await c.execute(counted.where(outbox.c.state.in_(UNSETTLED)).group_by(outbox.c.state)))


def _by_state(rows: Iterable[Any]) -> dict[str, Backlog]:
    return {state: Backlog(size, oldest, reason or "") for state, size, oldest, reason in rows}


def _resting() -> Select[str]:
    """Return the workflows in a delay, or waiting for another system: they read messages after it (ADR 0013)."""
    last = and_(journal.c.conversation_id == conversation.c.conversation_id, journal.c.seq == conversation.c.last_seq)
    found = select(conversation.c.workflow_id).join(journal, last)
    return found.where(journal.c.kind.in_(["delay_begun", "event_awaited"]), conversation.c.stage != "ended")
