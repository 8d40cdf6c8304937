"""Queues, as those look at them who wait there."""

from datetime import datetime, timedelta
from typing import NamedTuple, get_args

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.conversation import Priority
from journal.conversations import URGENCY
from journal.tables import conversation, journal


class Ahead(NamedTuple):
    """Those whose turn comes first: how many they are, and since when one of them has waited longest."""

    number: int
    since: datetime | None


async def ahead(c: AsyncConnection, queue: str, priority: Priority, since: datetime) -> Ahead:
    """Return who of *queue* comes before a conversation of *priority* that waits *since* then."""
    mine = literal(get_args(Priority).index(priority))
    earlier = and_(mine == URGENCY, conversation.c.queued_at < since)
    found = select(func.count(), func.min(conversation.c.queued_at)).where(
        conversation.c.stage == "queue", conversation.c.queue == queue, or_(mine < URGENCY, earlier)
    )
    number, oldest = (await c.execute(found)).one()
    return Ahead(number, oldest)


async def waits(c: AsyncConnection, queue: str, priority: Priority, after: datetime, limit: int) -> list[timedelta]:
    """Return how long conversations of *queue* have waited whom somebody has joined *after* then, the newest first.

    Only those that were no more urgent than *priority*: nobody waits longer for going first.
    """
    joined, handed, before = journal.alias(), journal.alias(), journal.alias()
    last = (
        select(func.max(before.c.seq))
        .where(
            before.c.conversation_id == joined.c.conversation_id,
            before.c.kind == "handed_over",
            before.c.seq < joined.c.seq,
        )
        .scalar_subquery()
    )
    no_more_urgent = get_args(Priority)[: get_args(Priority).index(priority) + 1]
    found = (
        select(joined.c.at, handed.c.at)
        .select_from(joined)
        .join(handed, and_(handed.c.conversation_id == joined.c.conversation_id, handed.c.seq == last))
        .where(
            joined.c.kind == "agent_joined",
            joined.c.at > after,
            handed.c.data["queue"].as_string() == queue,
            handed.c.data["priority"].as_string().in_(no_more_urgent),
        )
        .order_by(joined.c.at.desc())
        .limit(limit)
    )
    return [end - begin for end, begin in await c.execute(found)]
