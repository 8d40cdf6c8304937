import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator

import pytest
from sqlalchemy import select

from journal import inbox
from journal.database import Database
from journal.tables import inbox as inbox_table
from tests.journal.factory import LEASE, NOW, inbox_item, later

CONVERSATIONS, MESSAGES, RECEIVERS, RELAYS = 3, 30, 2, 4


class Signals:
    """Stands for Temporal: notes what each workflow was signalled, and refuses two at a time."""

    def __init__(self) -> None:
        self.in_flight: set[str] = set()
        self.seen: dict[str, list[str]] = defaultdict(list)

    async def forward(self, database: Database, message_id: str, workflow_id: str) -> None:
        assert workflow_id not in self.in_flight
        self.in_flight.add(workflow_id)
        await asyncio.sleep(0.001)
        self.seen[workflow_id].append(message_id)
        self.in_flight.remove(workflow_id)
        async with database.write() as c:
            await inbox.forwarded(c, {message_id: later(86_400)}, now=NOW)

    def count(self) -> int:
        return sum(len(events) for events in self.seen.values())


@pytest.fixture
async def gateways(upgraded_url: str) -> AsyncGenerator[list[Database]]:
    """Several processes' worth of connections to one database."""
    databases = [Database(upgraded_url) for _ in range(RECEIVERS + RELAYS)]
    yield databases
    for database in databases:
        await database.close()


async def _receive(database: Database, signals: Signals, number: int) -> None:
    workflow_id = f"conversation:{number % CONVERSATIONS}"
    arrived = inbox_item(number, workflow_id=workflow_id, address=workflow_id)
    async with database.write() as c:
        result = await inbox.receive(c, arrived, owner=f"gateway {number}", lease=LEASE, now=NOW)
    if result.claimed:
        await signals.forward(database, result.message_id, workflow_id)


async def _webhooks(database: Database, signals: Signals, first: int) -> None:
    for number in range(first, MESSAGES, RECEIVERS):
        await _receive(database, signals, number)


async def _relay(database: Database, signals: Signals) -> None:
    while signals.count() < MESSAGES:
        async with database.read() as c:
            waiting = await inbox.waiting(c, now=NOW, limit=10)
        for workflow_id in waiting:
            async with database.write() as c:
                claimed = await inbox.claim(c, workflow_id, owner="relay", lease=LEASE, now=NOW, again_before=NOW)
            if claimed is not None:
                await signals.forward(database, claimed.message_id, workflow_id)


async def test_many_gateways_forward_each_conversation_in_order_one_at_a_time(gateways: list[Database]) -> None:
    signals = Signals()
    await asyncio.gather(
        *(_webhooks(gateways[n], signals, n) for n in range(RECEIVERS)),
        *(_relay(database, signals) for database in gateways[RECEIVERS:]),
    )
    stored: dict[str, list[str]] = defaultdict(list)
    async with gateways[0].read() as c:
        rows = await c.execute(select(inbox_table.c.workflow_id, inbox_table.c.message_id).order_by(inbox_table.c.id))
        for workflow_id, message_id in rows:
            stored[workflow_id].append(message_id)
    assert signals.seen == stored


async def test_of_many_claimers_at_once_one_gets_the_oldest_row(gateways: list[Database]) -> None:
    async with gateways[0].write() as c:
        first = await inbox.receive(c, inbox_item(1), owner="dead", lease=LEASE, now=NOW)
        await inbox.receive(c, inbox_item(2), owner="dead", lease=LEASE, now=NOW)

    async def claim(database: Database) -> inbox.ClaimedItem | None:
        async with database.write() as c:
            return await inbox.claim(
                c, inbox_item(1).workflow_id, owner="relay", lease=LEASE, now=later(60), again_before=later(60)
            )

    claims = await asyncio.gather(*(claim(database) for database in gateways for _ in range(3)))
    assert [claimed.message_id for claimed in claims if claimed is not None] == [first.message_id]
