"""The transaction of one turn: inbox rows read, events and outbox parts, all or nothing.

The later steps of a part (`sending`, `settle`, `report`) live in `journal.outbox` and are offered here too.
"""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field
from sqlalchemy import bindparam, select, update

from domain.contact import Known
from domain.delivery import Lost, OpeningClaim
from domain.effect import Deliver
from domain.errors import SettingsError
from domain.model import Value
from journal import contacts, divergence
from journal.dialect import insert
from journal.events import Divergence, record
from journal.outbox import PartRow, abandon, enqueue
from journal.tables import flow_current, inbox, opening, protocol_day, route
from journal.transaction import Transaction


class Diverged(Exception):  # noqa: N818 - not a mistake: the journal is right, and says what the workflow has lost
    """Another turn stands where this one would: the transaction is taken back."""

    def __init__(self, divergences: tuple[Divergence, ...]) -> None:
        super().__init__(f"event {divergences[0].seq} is there with another content")
        self.divergences = divergences


REPAIRED: Final = "its turn was lost by Temporal"


class Committed(Value):
    """The result of a turn's transaction."""

    stale: bool = False
    """The opening event had been consumed before; nothing was written."""
    protocol: str = ""
    entry: str = ""
    """Version of the entry flow, as published when the conversation was opened; empty when none was."""
    known: Known = Known()
    """Known facts about the contact when the conversation opens."""
    parts: dict[int, PartRow] = Field(default_factory=dict[int, PartRow])
    lost: Lost | None = None
    """A conversation that the workflow has forgotten, and that this run now holds; nothing else was written."""
    reread: tuple[str, ...] = ()
    """Inbox messages of this turn that another conversation had consumed before."""


class Opened(Value):
    """The protocol and flow version that the opening transaction fixed."""

    chain: str = ""
    protocol: str = ""
    entry: str = ""


async def commit(c: Transaction, deliver: Deliver, now: datetime) -> Committed:
    """Write the turn *deliver*; the same turn again writes nothing and answers the same protocol.

    With an opening, the inbox row that opened the conversation is claimed for its chain of runs. An event
    that is no row of the inbox (a conversation that no webhook opened) has nothing to claim, and is not stale.
    Diverged, so that nothing is written, when the journal has other events where those of the turn belong.
    """
    asked = deliver.opening
    consumer = None if asked is None else await _consumer(c, asked.message_id)
    opened = await _opened(c, deliver.conversation_id)
    if asked is not None:
        theirs = opened is not None and opened.chain != asked.chain
        forgotten = await divergence.taken_over(c, asked, now) if theirs or opened is None else None
        if forgotten is not None and forgotten.conversation_id != deliver.conversation_id:
            return Committed(lost=forgotten)
        if forgotten is None and (theirs or consumer not in {None, deliver.conversation_id}):
            return Committed(stale=True)
        opened = opened or await _open(c, deliver.conversation_id, asked, now)
    opened = opened or Opened()
    reread = await _consume(c, deliver, opened.chain, now)
    if divergences := await record(c, deliver.conversation_id, deliver.events, now):
        raise Diverged(divergences)
    if deliver.events and deliver.events[0].kind == "conversation_repaired":
        await abandon(c, deliver.conversation_id, REPAIRED, now, before=deliver.events[0].seq)
    parts = await enqueue(c, deliver, now)
    if deliver.learnt:
        await contacts.learn(c, deliver, now)
    if asked is None:
        return Committed(parts=parts, reread=reread)
    known = await contacts.known(c, asked.account, asked.address)
    return Committed(protocol=opened.protocol, entry=opened.entry, known=known, parts=parts, reread=reread)


async def _consumer(c: Transaction, message_id: str) -> str | None:
    """Return the conversation that consumed an event; locks its row, so that of two openings one comes first."""
    consumer: str | None = await c.scalar(_CONSUMER, {"message": message_id})
    return consumer


async def _opened(c: Transaction, conversation_id: str) -> Opened | None:
    """Return the decisions of the opening, locked against the conversation's other transactions."""
    row = (await c.execute(_OPENED, {"of": conversation_id})).mappings().one_or_none()
    return None if row is None else Opened.model_validate(dict(row))


async def _open(c: Transaction, conversation_id: str, asked: OpeningClaim, now: datetime) -> Opened:
    day = now.astimezone(_zone(asked.zone)).strftime("%Y%m%d")
    counted = insert(c, protocol_day).values(day=day, last=1)
    counted = counted.on_conflict_do_update(index_elements=[protocol_day.c.day], set_={"last": protocol_day.c.last + 1})
    number: int = (await c.execute(counted.returning(protocol_day.c.last))).scalar_one()
    entry = await c.scalar(select(flow_current.c.version).where(flow_current.c.name == asked.flow))
    opened = Opened(chain=asked.chain, protocol=f"{day}-{number:06d}", entry=entry or "")
    await c.execute(insert(c, opening).values(conversation_id=conversation_id, opened_at=now, **opened.model_dump()))
    way = {"workflow_id": asked.workflow_id, "conversation_id": conversation_id}
    routed = insert(c, route).values(account=asked.account, address=asked.address, **way)
    await c.execute(routed.on_conflict_do_update(index_elements=[route.c.account, route.c.address], set_=way))
    return opened


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(f"{name!r} is not an IANA time zone") from error


async def _consume(c: Transaction, deliver: Deliver, chain: str, now: datetime) -> tuple[str, ...]:
    read = sorted({*deliver.consumed, *([deliver.opening.message_id] if deliver.opening else [])})
    if not read:
        return ()
    mine = {"by": deliver.conversation_id, "chain": chain, "at": now}
    consumed = await c.scalars(_CONSUME, {"messages": read, **mine})
    missing = set(read) - set(consumed.all())
    if not missing:
        return ()
    others = select(inbox.c.message_id).where(
        inbox.c.message_id.in_(sorted(missing)),
        inbox.c.consumed_by_conversation != deliver.conversation_id,
    )
    return tuple((await c.scalars(others.order_by(inbox.c.id))).all())


_CONSUMER: Final = (
    select(inbox.c.consumed_by_conversation).where(inbox.c.message_id == bindparam("message")).with_for_update()
)
_OPENED: Final = (
    select(opening.c.chain, opening.c.protocol, opening.c.entry)
    .where(opening.c.conversation_id == bindparam("of"))
    .with_for_update()
)
_CONSUME: Final = (
    update(inbox)
    .where(inbox.c.message_id.in_(bindparam("messages", expanding=True)), inbox.c.consumed_by_conversation.is_(None))
    .values(
        state="consumed",
        consumed_at=bindparam("at"),
        consumed_by_conversation=bindparam("by"),
        consumed_by_chain=bindparam("chain"),
    )
    .returning(inbox.c.message_id)
)
