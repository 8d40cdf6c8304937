"""The transaction of one turn: what was read, what happened and what is said, all or nothing.

The later steps of a part (`sending`, `settle`, `report`) live in `journal.outbox` and are offered here too.
"""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.effect import Deliver, Opening
from domain.errors import SettingsError
from domain.model import Value
from journal import projections
from journal.dialect import insert
from journal.events import Divergence, record
from journal.outbox import PartRow, enqueue, report, sending, settle
from journal.tables import inbox, opening, protocol_day, route

__all__ = ["Committed", "Divergence", "commit", "report", "sending", "settle"]


class Committed(Value):
    """What a turn's transaction found and did."""

    stale: bool = False
    """The opening event had been consumed before; nothing was written."""
    protocol: str = ""
    parts: dict[int, PartRow] = Field(default_factory=dict[int, PartRow])
    divergences: tuple[Divergence, ...] = ()
    reread: tuple[str, ...] = ()
    """Inbox events of this turn that another conversation had consumed before."""


async def commit(c: AsyncConnection, deliver: Deliver, now: datetime) -> Committed:
    """Write the turn *deliver*; the same turn again writes nothing and answers the same protocol.

    With an opening, the inbox row that opened the conversation is claimed for its chain of runs. An event
    that is no row of the inbox (a conversation that no webhook opened) has nothing to claim, and is not stale.
    """
    if deliver.opening is None:
        chain, protocol = await _join(c, deliver.conversation_id)
    else:
        chain = deliver.opening.chain
        known = await _claim(c, deliver.conversation_id, deliver.opening)
        if known is None:
            return Committed(stale=True)
        protocol = known or await _open(c, deliver.conversation_id, deliver.opening, now)
    reread = await _consume(c, deliver, chain, now)
    divergences = await record(c, deliver.conversation_id, deliver.events, now)
    parts = await enqueue(c, deliver, now)
    await projections.apply(c, deliver.conversation_id)
    return Committed(protocol=protocol, parts=parts, divergences=divergences, reread=reread)


async def _join(c: AsyncConnection, conversation_id: str) -> tuple[str, str]:
    """Return chain and protocol of an open conversation, locked against its other transactions."""
    found = select(opening.c.chain, opening.c.protocol).where(opening.c.conversation_id == conversation_id)
    row = (await c.execute(found.with_for_update())).one_or_none()
    return ("", "") if row is None else (row[0], row[1])


async def _claim(c: AsyncConnection, conversation_id: str, asked: Opening) -> str | None:
    """Return the protocol given before to this very opening, "" for a new one, None for a stale one."""
    found = select(inbox.c.consumed_by_conversation).where(inbox.c.event_id == asked.event_id)
    consumer = await c.scalar(found.with_for_update())
    if consumer not in {None, conversation_id}:
        return None
    chain, protocol = await _join(c, conversation_id)
    return protocol if chain in {"", asked.chain} else None


async def _open(c: AsyncConnection, conversation_id: str, asked: Opening, now: datetime) -> str:
    day = now.astimezone(_zone(asked.zone)).strftime("%Y%m%d")
    counted = insert(c, protocol_day).values(day=day, last=1)
    counted = counted.on_conflict_do_update(index_elements=[protocol_day.c.day], set_={"last": protocol_day.c.last + 1})
    number: int = (await c.execute(counted.returning(protocol_day.c.last))).scalar_one()
    protocol = f"{day}-{number:06d}"
    opened = {"protocol": protocol, "chain": asked.chain, "opened_at": now}
    await c.execute(insert(c, opening).values(conversation_id=conversation_id, **opened))
    way = {"workflow_id": asked.workflow_id, "conversation_id": conversation_id}
    routed = insert(c, route).values(account=asked.account, address=asked.address, **way)
    await c.execute(routed.on_conflict_do_update(index_elements=[route.c.account, route.c.address], set_=way))
    return protocol


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(f"{name!r} is not an IANA time zone") from error


async def _consume(c: AsyncConnection, deliver: Deliver, chain: str, now: datetime) -> tuple[str, ...]:
    read = sorted({*deliver.consumed, *([deliver.opening.event_id] if deliver.opening else [])})
    if not read:
        return ()
    mine = {"consumed_by_conversation": deliver.conversation_id, "consumed_by_chain": chain}
    consumed = update(inbox).where(inbox.c.event_id.in_(read), inbox.c.consumed_by_conversation.is_(None))
    consumed = consumed.values(state="consumed", consumed_at=now, **mine).returning(inbox.c.event_id)
    missing = set(read) - set((await c.scalars(consumed)).all())
    if not missing:
        return ()
    others = select(inbox.c.event_id).where(
        inbox.c.event_id.in_(sorted(missing)),
        inbox.c.consumed_by_conversation != deliver.conversation_id,
    )
    return tuple((await c.scalars(others.order_by(inbox.c.id))).all())
