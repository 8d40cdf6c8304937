"""Turns that the journal has and Temporal has lost: a turn that contradicts them is not written."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select, update

from domain.delivery import Lost, OpeningClaim
from domain.effect import Deliver
from domain.limits import LIMITS
from domain.message import Inbound
from journal.inbox import ClaimedItem
from journal.tables import conversation, inbox, journal, opening, outbox
from journal.transaction import Transaction

_MOST: Final = 1_000


async def since(c: Transaction, deliver: Deliver) -> Lost:
    """Return the turns in the journal after the wait at which the turn *deliver* began."""
    return await _lost(c, deliver.conversation_id, deliver.since)


async def taken_over(c: Transaction, asked: OpeningClaim, now: datetime) -> Lost | None:
    """Return the conversation that is open in the journal and that the contact's workflow has forgotten, None if none.

    A workflow plays one conversation at a time: when a new chain of runs opens one, the one that is open is played by
    nobody. What *asked* takes it over, unless it has been quiet for longer than LIMITS.taken_over.
    """
    which = {"to": asked.workflow_id, "after": now - LIMITS.taken_over}
    forgotten: str | None = await c.scalar(_FORGOTTEN, which)
    if forgotten is None:
        return None
    found = await _lost(c, forgotten, 0)
    if not found.messages:
        return None
    await c.execute(_CLAIM, {"of": forgotten, "by": asked.chain})
    return found


async def stranded(c: Transaction) -> list[ClaimedItem]:
    """Return the last message of each conversation that has still something to say, a thousand at most.

    Either its workflow is about to say it, and drops the message, which it has seen; or it has lost the turn.
    """
    return [ClaimedItem.model_validate(dict(row)) for row in (await c.execute(_STRANDED)).mappings()]


async def last_heard(c: Transaction, conversation_id: str) -> Inbound | None:
    """Return the last message that a conversation has read."""
    row = (await c.execute(_HEARD, {"of": conversation_id})).mappings().one_or_none()
    return None if row is None else _message(row["at"], row["data"])


async def _lost(c: Transaction, conversation_id: str, after: int) -> Lost:
    upto: int = await c.scalar(_LAST, {"of": conversation_id}) or 0
    said = (await c.execute(_SAID, {"of": conversation_id, "after": after})).mappings()
    messages = {row["data"]["message_id"]: _message(row["at"], row["data"]) for row in said}
    fits = sum(len(message.model_dump_json().encode()) for message in messages.values()) <= LIMITS.unread
    return Lost(conversation_id=conversation_id, upto=upto, messages=tuple(messages.values()) if fits else ())


def _message(at: datetime, data: dict[str, Any]) -> Inbound:
    return Inbound.model_validate({"at": at, **{name: data[name] for name in Inbound.model_fields if name in data}})


_CONTACT: Final = ("message_received", "conversation_initiated")
_LAST: Final = select(func.max(journal.c.seq)).where(journal.c.conversation_id == bindparam("of"))
_SAID: Final = (
    select(journal.c.at, journal.c.data)
    .where(journal.c.conversation_id == bindparam("of"), journal.c.seq > bindparam("after"))
    .where(journal.c.kind.in_([*_CONTACT, "event_received"]))
    .order_by(journal.c.seq)
)
_HEARD: Final = (
    select(journal.c.at, journal.c.data)
    .where(journal.c.conversation_id == bindparam("of"), journal.c.kind.in_(_CONTACT))
    .order_by(journal.c.seq.desc())
    .limit(1)
)
_FORGOTTEN: Final = (
    select(conversation.c.conversation_id)
    .where(conversation.c.workflow_id == bindparam("to"), conversation.c.stage != "ended")
    .where(conversation.c.last_at > bindparam("after"))
    .order_by(conversation.c.opened_at.desc())
    .limit(1)
)
_STRANDED: Final = select(inbox).where(
    inbox.c.id.in_(
        select(func.max(inbox.c.id))
        .join(outbox, outbox.c.conversation_id == inbox.c.consumed_by_conversation)
        .where(outbox.c.state.in_(["queued", "sending"]))
        .group_by(outbox.c.conversation_id)
        .limit(_MOST)
    )
)
_CLAIM: Final = update(opening).where(opening.c.conversation_id == bindparam("of")).values(chain=bindparam("by"))
