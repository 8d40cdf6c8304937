from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from journal import inbox, outbox, turn
from journal.check import check
from journal.database import Database
from journal.tables import conversation, journal
from journal.tables import inbox as inbox_table
from journal.tables import outbox as outbox_table
from tests.journal.factory import LEASE, NOW, WORKFLOW, deliver, first_turn, inbox_item, message_id, received

ID = message_id(1)


@pytest.fixture(autouse=True)
async def quiet(db: Database) -> None:
    """One conversation that has read messages 1, 2 and 3 and whose greeting was sent."""
    async with db.write() as c:
        for number in (1, 2, 3):
            await inbox.receive(c, inbox_item(number), owner="gateway", lease=LEASE, now=NOW)
        await turn.commit(c, first_turn(1), NOW)
        later_turn = deliver(1, consumed=(message_id(2), message_id(3)), events=(received(5, 2), received(6, 3)))
        await turn.commit(c, later_turn, NOW)
        await outbox.sending(c, ID, 4, timedelta())
        await outbox.settle(c, ID, 4, state="sent", external_id="x", now=NOW)


async def _check(db: Database, *damages: Any) -> list[str]:
    async with db.write() as c:
        for damage in damages:
            await c.execute(damage)
        return await check(c)


async def test_a_store_at_rest_has_nothing_wrong(db: Database) -> None:
    assert await _check(db) == []


async def test_a_hole_in_the_journal_is_found(db: Database) -> None:
    hole = delete(journal).where(journal.c.seq == 3)
    assert f"conversation {ID}: 5 events are numbered from 1 to 6" in await _check(db, hole)


async def test_a_message_never_read_is_found(db: Database) -> None:
    async with db.write() as c:
        await inbox.receive(c, inbox_item(4), owner="gateway", lease=LEASE, now=NOW)
    assert await _check(db) == [
        f"inbox message {message_id(4)} of {WORKFLOW} is received after 0 attempts, last error ''"
    ]


async def test_a_buried_message_is_no_violation(db: Database) -> None:
    async with db.write() as c:
        await inbox.receive(c, inbox_item(4), owner="gateway", lease=LEASE, now=NOW)
        await inbox.bury(c, message_id(4), "too large")
    assert await _check(db) == []


async def test_a_message_consumed_and_not_in_the_journal_is_found(db: Database) -> None:
    lost = update(journal).where(journal.c.seq == 6).values(kind="reminder_sent")
    projected = update(conversation).values(turns=2)
    assert await _check(db, lost, projected) == [
        f"inbox message {message_id(3)} is consumed by conversation {ID} and not in the journal"
    ]


async def test_a_message_read_twice_is_found(db: Database) -> None:
    async with db.write() as c:
        await turn.commit(c, deliver(1, events=(received(7, 3),)), NOW)
    assert await _check(db) == [f"inbox message {message_id(3)} was read 2 times"]


async def test_a_message_read_by_another_than_its_consumer_is_found(db: Database) -> None:
    stolen = update(inbox_table).where(inbox_table.c.message_id == message_id(3))
    assert await _check(db, stolen.values(consumed_by_conversation="thief")) == [
        f"conversation {ID} seq 6: read message {message_id(3)}, which conversation thief consumed"
    ]


async def test_a_message_from_nowhere_is_found(db: Database) -> None:
    async with db.write() as c:
        await turn.commit(c, deliver(1, events=(received(7, "nowhere"),)), NOW)
    assert await _check(db) == [
        f"conversation {ID} seq 7: read message {message_id('nowhere')}, which is not in the inbox"
    ]


async def test_messages_read_in_another_order_than_the_inbox_has_are_found(db: Database) -> None:
    first = update(inbox_table).where(inbox_table.c.message_id == message_id(2)).values(id=99)
    assert await _check(db, first) == [f"conversation {ID}: seq 6 was received before seq 5"]


@pytest.mark.parametrize("state", ["queued", "sending"])
async def test_a_part_that_never_came_to_an_end_is_found(db: Database, state: str) -> None:
    assert await _check(db, update(outbox_table).values(state=state)) == [f"part {ID}:4 is {state} after 1 attempts"]


@pytest.mark.parametrize("state", ["sent", "delivered", "read", "failed", "unknown"])
async def test_a_part_with_a_known_or_marked_end_is_no_violation(db: Database, state: str) -> None:
    assert await _check(db, update(outbox_table).values(state=state)) == []


async def test_something_said_and_never_queued_is_found(db: Database) -> None:
    assert await _check(db, delete(outbox_table)) == [f"part {ID}:4 was said and never queued"]


async def test_a_table_that_differs_from_its_journal_is_found(db: Database) -> None:
    assert await _check(db, update(conversation).values(stage="queue")) == [
        f"conversation {ID}: the table says stage is 'queue' and not 'bot'"
    ]
    assert await _check(db, delete(conversation)) == [f"conversation {ID}: the table says nothing"]
