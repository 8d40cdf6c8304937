"""How long contacts waited for their answers, counted from their message or from the death that made them wait."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import func, select

from bench.arithmetic import percentile
from journal.tables import inbox, outbox
from tests.faults.cluster import Cluster

TOUCHED: Final = timedelta(seconds=30)
"""After a death, within which a message that comes may wait because of it."""


class Answered(NamedTuple):
    """One message and when the provider had taken the last answer to it."""

    account: str
    received_at: datetime
    settled_at: datetime


async def answered(cluster: Cluster) -> list[Answered]:
    """Return every message that was answered, by account and time.

    A turn writes one time into all that it consumes and queues; so an answer is found by it.
    """
    rows = (
        select(inbox.c.account, inbox.c.received_at, func.max(outbox.c.settled_at))
        .join(
            outbox,
            (outbox.c.conversation_id == inbox.c.consumed_by_conversation)
            & (outbox.c.queued_at == inbox.c.consumed_at),
        )
        .where(outbox.c.settled_at.is_not(None))
        .group_by(inbox.c.id, inbox.c.account, inbox.c.received_at)
        .order_by(inbox.c.account, inbox.c.received_at)
    )
    async with cluster.database.read() as connection:
        return [Answered(*row) for row in (await connection.execute(rows)).all()]


def figure(found: Sequence[Answered], deaths: Sequence[datetime]) -> str:
    """Return the waits of each account in a line: of all messages, and the longest one after each death."""
    lines: list[str] = []
    for account, messages in groupby(found, key=lambda one: one.account):
        mine = list(messages)
        waits = [(one.settled_at - one.received_at).total_seconds() for one in mine]
        longest = [_longest(mine, death) for death in deaths]
        lines.append(
            f"{account}: p50 {percentile(waits, 50):.2f} s, p99 {percentile(waits, 99):.2f} s, longest "
            f"{max(waits):.1f} s ({len(waits)} messages); longest from each death: p50 "
            f"{percentile(longest, 50):.1f} s, p95 {percentile(longest, 95):.1f} s, worst {max(longest):.1f} s"
        )
    return "\n".join(lines)


def _longest(messages: Sequence[Answered], death: datetime) -> float:
    """Return the longest wait, counted from *death*, of what was unanswered then or came soon after."""
    waits = [
        (one.settled_at - max(one.received_at, death)).total_seconds()
        for one in messages
        if one.settled_at > death and one.received_at < death + TOUCHED
    ]
    return max(waits, default=0.0)
