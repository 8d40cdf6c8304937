"""Queues of waiting contacts: places, and how long others have waited."""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, get_args

from sqlalchemy import and_, func, literal, or_, select

from domain.conversation import Priority
from journal.conversations import URGENCY
from journal.tables import conversation, journal
from journal.transaction import Transaction

_JOINED: Final = 500
"""How many of all queues are looked at, the newest."""


class Ahead(NamedTuple):
    """Those whose turn comes first: how many they are, and since when one of them has waited longest."""

    number: int
    since: datetime | None


async def ahead(c: Transaction, queue: str, priority: Priority, since: datetime) -> Ahead:
    """Return the conversations of *queue* ahead of one with *priority* that waits *since* then."""
    mine = literal(get_args(Priority).index(priority))
    earlier = and_(mine == URGENCY, conversation.c.queued_at < since)
    found = select(func.count(), func.min(conversation.c.queued_at)).where(
        conversation.c.stage == "queue", conversation.c.queue == queue, or_(mine < URGENCY, earlier)
    )
    number, oldest = (await c.execute(found)).one()
    return Ahead(number, oldest)


async def waits(c: Transaction, queue: str, priority: Priority, after: datetime, limit: int) -> list[timedelta]:
    """Return the waits of conversations of *queue* that an agent has joined *after* then, the newest first.

    Only those that were no more urgent than *priority*: nobody waits longer for going first.
    """
    # Two plain readings of an index each: without its statistics, PostgreSQL would take seconds for a join of them.
    joined = select(journal.c.conversation_id, journal.c.seq, journal.c.at).where(
        journal.c.kind == "agent_joined", journal.c.at > after
    )
    ends = (await c.execute(joined.order_by(journal.c.at.desc()).limit(_JOINED))).all()
    handed = select(journal.c.conversation_id, journal.c.seq, journal.c.at, journal.c.data).where(
        journal.c.conversation_id.in_({conversation_id for conversation_id, _, _ in ends}),
        journal.c.kind == "handed_over",
    )
    begins: dict[str, list[tuple[int, datetime, dict[str, Any]]]] = {}
    for conversation_id, seq, at, data in await c.execute(handed.order_by(journal.c.seq)):
        begins.setdefault(conversation_id, []).append((seq, at, data))
    no_more_urgent = get_args(Priority)[: get_args(Priority).index(priority) + 1]
    found: list[timedelta] = []
    for conversation_id, seq, end in ends:
        before = [(at, data) for began, at, data in begins.get(conversation_id, ()) if began < seq]
        if before and before[-1][1].get("queue") == queue and before[-1][1].get("priority") in no_more_urgent:
            found.append(end - before[-1][0])
    return found[:limit]
