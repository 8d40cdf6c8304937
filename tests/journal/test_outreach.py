"""Opening a conversation: once a key, and never beside one that is open."""

from typing import Any

import pytest
from sqlalchemy import func, select

from domain.message import Inbound, Outreach
from journal import inbox, outreach, turn
from journal.database import Database
from journal.outreach import OpenCommand, Outcome
from journal.tables import inbox as inbox_table
from tests.journal.factory import ACCOUNT, ADDRESS, LEASE, NOW, WORKFLOW, deliver, event, first_turn, inbox_item, later

COMMAND = OpenCommand(
    key="c1:7",
    account=ACCOUNT,
    channel="whatsapp",
    address=ADDRESS,
    name="Ana",
    workflow_id=WORKFLOW,
    outreach=Outreach(flow="follow_up", inputs={"plan": "600"}, by="c1:7"),
)


async def opened(db: Database, command: OpenCommand = COMMAND) -> Outcome:
    async with db.write() as c:
        return await outreach.open_(c, command, NOW)


async def rows(db: Database) -> int:
    async with db.read() as c:
        return (await c.execute(select(func.count()).select_from(inbox_table))).scalar_one()


async def test_it_stands_in_the_inbox_to_be_told_at_once(db: Database) -> None:
    assert await opened(db) == "opened"
    async with db.read() as c:
        assert await inbox.waiting(c, now=NOW, limit=10) == [WORKFLOW]
    async with db.write() as c:
        claimed = await inbox.claim(c, WORKFLOW, owner="relay", lease=LEASE, now=NOW)
    assert claimed is not None
    assert claimed.payload == Inbound(message_id=COMMAND.conversation_id, at=NOW, outreach=COMMAND.outreach)
    assert (claimed.address, claimed.name) == (ADDRESS, "Ana")


async def test_the_same_key_opens_nothing_more_whatever_has_become_of_it(db: Database) -> None:
    assert [await opened(db), await opened(db)] == ["opened", "repeated"]
    async with db.write() as c:
        await turn.commit(c, first_turn(message_id=COMMAND.conversation_id), NOW)
    assert await opened(db) == "repeated"
    assert await rows(db) == 1


@pytest.mark.parametrize("other", [{"address": "other", "workflow_id": "other"}, {"outreach": Outreach(flow="other")}])
async def test_a_key_that_has_opened_another_conversation_opens_none(db: Database, other: dict[str, Any]) -> None:
    assert await opened(db) == "opened"
    assert await opened(db, COMMAND.model_copy(update=other)) == "key_taken"
    assert await rows(db) == 1


async def test_a_second_opener_finds_the_first(db: Database) -> None:
    assert await opened(db) == "opened"
    assert await opened(db, COMMAND.model_copy(update={"key": "c2:9"})) == "already_open"
    assert await rows(db) == 1


async def test_nothing_is_opened_beside_a_message_that_is_not_yet_read(db: Database) -> None:
    async with db.write() as c:
        await inbox.receive(c, inbox_item(1), owner="gateway", lease=LEASE, now=NOW)
    assert await opened(db) == "already_open"


async def test_nothing_is_opened_beside_a_conversation_until_that_has_ended(db: Database) -> None:
    async with db.write() as c:
        await inbox.receive(c, inbox_item(1), owner="gateway", lease=LEASE, now=NOW)
        await turn.commit(c, first_turn(), NOW)
    assert await opened(db) == "already_open"
    assert await opened(db, COMMAND.model_copy(update={"workflow_id": "conversation:another:way"})) == "already_open"
    async with db.write() as c:
        await turn.commit(c, deliver(events=(event(5, "conversation_ended", resolution="done"),)), NOW)
    assert await opened(db) == "opened"


async def test_it_goes_to_the_workflow_that_the_contact_s_route_leads_to(db: Database) -> None:
    async with db.write() as c:
        await inbox.receive(c, inbox_item(1), owner="gateway", lease=LEASE, now=NOW)
        await turn.commit(c, first_turn(), NOW)
        await turn.commit(c, deliver(events=(event(5, "conversation_ended", resolution="done"),)), NOW)
    assert await opened(db, COMMAND.model_copy(update={"workflow_id": "conversation:another:way"})) == "opened"
    async with db.read() as c:
        assert await inbox.waiting(c, now=later(30), limit=10) == [WORKFLOW]


async def test_what_the_contact_says_meanwhile_stands_behind_it(db: Database) -> None:
    await opened(db)
    async with db.write() as c:
        assert not (await inbox.receive(c, inbox_item(1), owner="gateway", lease=LEASE, now=NOW)).claimed
        first = await inbox.claim(c, WORKFLOW, owner="relay", lease=LEASE, now=NOW)
    assert first is not None
    assert first.message_id == COMMAND.conversation_id
