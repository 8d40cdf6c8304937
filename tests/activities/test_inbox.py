import asyncio
from datetime import UTC, datetime

from temporalio.testing import ActivityEnvironment

from activities.inbox import Inbox
from domain.effect import GiveBack
from journal import inbox
from journal.database import Database
from tests.journal.factory import LEASE, NOW, WORKFLOW, inbox_item, message_id

EFFECT = GiveBack(workflow_id=WORKFLOW, message_ids=(message_id(1),))


async def given_back(database: Database) -> int:
    return (await ActivityEnvironment().run(Inbox(database).give_back, EFFECT)).messages


async def receive(database: Database, number: int) -> None:
    async with database.write() as c:
        await inbox.receive(c, inbox_item(number), owner="gateway-1", lease=LEASE, now=datetime.now(UTC))


async def forwarded(database: Database, number: int) -> None:
    async with database.write() as c:
        await inbox.forwarded(c, {message_id(number): NOW}, now=NOW)


async def test_messages_are_told_again(database: Database) -> None:
    await receive(database, 1)
    await forwarded(database, 1)

    assert await given_back(database) == 1


async def test_it_waits_for_what_is_being_forwarded(database: Database) -> None:
    for number in (1, 2):
        await receive(database, number)
        if number == 1:
            await forwarded(database, 1)
    waiting = asyncio.create_task(given_back(database))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await forwarded(database, 2)
    assert await waiting == 1
