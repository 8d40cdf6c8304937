import asyncio

from sqlalchemy import select

from domain.message import Inbound
from journal import inbox, turn
from journal.database import Database
from journal.inbox import ReceiveResult
from journal.tables import contact
from journal.tables import inbox as inbox_table
from tests.journal.factory import (
    ACCOUNT,
    ADDRESS,
    NOW,
    WORKFLOW,
    deliver,
    first_turn,
    inbox_item,
    later,
    message_id,
    received,
)
from tests.journal.lane import claim, forwarded, receive, state_of, waiting


async def test_a_new_message_is_stored_and_claimed(db: Database) -> None:
    assert await receive(db, inbox_item(1)) == ReceiveResult(message_id=message_id(1), new=True, claimed=True)


async def test_a_repeated_webhook_is_neither_new_nor_claimed(db: Database) -> None:
    await receive(db, inbox_item(1))
    again = await receive(db, inbox_item(1, text="the same id, whatever it says"), owner="gateway-2")
    assert again == ReceiveResult(message_id=message_id(1), new=False, claimed=False)


async def test_the_same_message_in_parallel_webhooks_is_new_once(db: Database) -> None:
    results = await asyncio.gather(*(receive(db, inbox_item(1), owner=f"g{n}") for n in range(8)))
    assert [result.new for result in results].count(True) == 1
    assert [result.claimed for result in results].count(True) == 1


async def test_the_same_provider_id_on_another_account_is_another_message(db: Database) -> None:
    await receive(db, inbox_item(1))
    other = await receive(db, inbox_item(1, account="telegram-main", workflow_id="conversation:telegram-main:x"))
    assert other.new


async def test_a_message_behind_one_in_flight_is_stored_and_not_claimed(db: Database) -> None:
    await receive(db, inbox_item(1))
    second = await receive(db, inbox_item(2))
    assert (second.new, second.claimed) == (True, False)


async def test_a_message_behind_one_whose_lease_has_passed_still_waits_for_it(db: Database) -> None:
    await receive(db, inbox_item(1))
    second = await receive(db, inbox_item(2), seconds=60)
    assert not second.claimed
    claimed = await claim(db, seconds=60)
    assert claimed is not None
    assert claimed.message_id == message_id(1)


async def test_a_message_after_one_was_forwarded_is_claimed_at_once(db: Database) -> None:
    await receive(db, inbox_item(1))
    await forwarded(db, message_id(1))
    assert (await receive(db, inbox_item(2))).claimed


async def test_a_message_behind_one_that_is_forwarded_once_more_is_not_claimed(db: Database) -> None:
    await receive(db, inbox_item(1))
    await forwarded(db, message_id(1), again=30)
    assert await claim(db, seconds=30) is not None
    assert not (await receive(db, inbox_item(2), seconds=31)).claimed


async def test_the_payload_comes_back_under_the_id_of_its_row(db: Database) -> None:
    await receive(db, inbox_item(1, text="Olá\0 \U0001f44b", name="Ana\0"))
    claimed = await claim(db, seconds=60)
    assert claimed is not None
    assert claimed.payload == Inbound(message_id=message_id(1), at=NOW, text="Olá\0 \U0001f44b")
    assert (claimed.account, claimed.channel, claimed.address) == (ACCOUNT, "whatsapp", ADDRESS)
    assert (claimed.name, claimed.workflow_id, claimed.attempts) == ("Ana", WORKFLOW, 0)


async def test_only_one_row_of_a_conversation_is_in_flight(db: Database) -> None:
    await receive(db, inbox_item(1))
    await receive(db, inbox_item(2))
    assert await claim(db) is None
    await forwarded(db, message_id(1))
    claimed = await claim(db)
    assert claimed is not None
    assert claimed.message_id == message_id(2)
    assert await claim(db, owner="another relay") is None


async def test_a_released_row_goes_first_once_its_time_has_come(db: Database) -> None:
    await receive(db, inbox_item(1))
    await receive(db, inbox_item(2))
    async with db.write() as c:
        await inbox.release(c, message_id(1), error="signal limit exceeded", again_at=later(5))
    assert await claim(db, seconds=4) is None
    assert await waiting(db, 4) == []
    assert not (await receive(db, inbox_item(3), seconds=4)).claimed
    assert await waiting(db, 5) == [WORKFLOW]
    claimed = await claim(db, seconds=5)
    assert claimed is not None
    assert (claimed.message_id, claimed.attempts) == (message_id(1), 1)
    assert await state_of(db, message_id(1)) == "received"


async def test_a_buried_row_lets_the_next_one_pass(db: Database) -> None:
    await receive(db, inbox_item(1))
    await receive(db, inbox_item(2))
    async with db.write() as c:
        await inbox.bury(c, message_id(1), "blob data size exceeds limit")
    claimed = await claim(db)
    assert claimed is not None
    assert claimed.message_id == message_id(2)
    assert await state_of(db, message_id(1)) == "dead"


async def test_what_was_forwarded_and_not_consumed_is_forwarded_again_in_its_time(db: Database) -> None:
    await receive(db, inbox_item(1))
    await forwarded(db, message_id(1), again=30)
    assert await claim(db, seconds=29) is None
    assert await waiting(db, 29) == []
    assert await waiting(db, 30) == [WORKFLOW]
    claimed = await claim(db, seconds=30)
    assert claimed is not None
    assert (claimed.message_id, claimed.attempts) == (message_id(1), 1)


async def test_what_was_consumed_is_never_forwarded_again(db: Database) -> None:
    await receive(db, inbox_item(1))
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
    await forwarded(db, message_id(1), again=1)
    assert await state_of(db, message_id(1)) == "consumed"
    assert await waiting(db, 60) == []
    assert await claim(db, seconds=60) is None


async def test_a_late_answer_of_a_dead_owner_does_not_free_the_lane_for_two(db: Database) -> None:
    await receive(db, inbox_item(1))
    await receive(db, inbox_item(2))
    assert await claim(db, seconds=20) is not None
    await forwarded(db, message_id(1), seconds=21)
    assert await claim(db, seconds=21) is not None
    await forwarded(db, message_id(1), seconds=22)
    assert await claim(db, owner="third", seconds=22) is None


async def test_conversations_wait_in_the_order_of_their_oldest_message(db: Database) -> None:
    for number, name in enumerate(("w-b", "w-a", "w-c", "w-a"), 1):
        await receive(db, inbox_item(number, workflow_id=name, address=name))
    assert await waiting(db) == []
    assert await waiting(db, 60) == ["w-b", "w-a", "w-c"]
    async with db.read() as c:
        assert await inbox.waiting(c, now=later(60), limit=2) == ["w-b", "w-a"]


async def test_a_contact_keeps_the_last_name_that_was_told(db: Database) -> None:
    for number, name in enumerate(("Ana", "Ana Lima", ""), 1):
        await receive(db, inbox_item(number, name=name, received_at=later(number)))
    async with db.read() as c:
        row = (await c.execute(select(contact))).mappings().one()
    assert (row["name"], row["first_seen_at"], row["last_seen_at"]) == ("Ana Lima", later(1), later(3))


async def test_the_route_leads_to_the_workflow_that_talks_to_an_address(db: Database) -> None:
    async with db.write() as c:
        assert await inbox.workflow_for(c, ACCOUNT, ADDRESS) is None
        await turn.commit(c, first_turn(1), NOW)
        assert await inbox.workflow_for(c, ACCOUNT, ADDRESS) == WORKFLOW
        assert await inbox.workflow_for(c, "another", ADDRESS) is None


async def test_consuming_again_keeps_the_first_reader(db: Database) -> None:
    await receive(db, inbox_item(1))
    await receive(db, inbox_item(2))
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        late = deliver("other", consumed=(message_id(1),), events=(received(1, 1),))
        assert (await turn.commit(c, late, NOW)).reread == (message_id(1),)
        reader = select(inbox_table.c.consumed_by_conversation).where(inbox_table.c.message_id == message_id(1))
        assert await c.scalar(reader) == message_id(1)
