from datetime import timedelta

from journal import backlog, inbox, outbox, turn
from journal.backlog import Backlog
from journal.database import Database
from tests.journal.factory import LEASE, NOW, deliver, event, first_turn, inbox_item, later, message_id


async def test_unread_messages_are_counted_by_state_with_the_oldest_and_a_reason(db: Database) -> None:
    async with db.write() as c:
        for number in (1, 2, 3, 4):
            one = inbox_item(number, workflow_id=f"w{number}", received_at=later(number))
            await inbox.receive(c, one, owner="g", lease=LEASE, now=NOW)
        await inbox.forwarded(c, {message_id(3): NOW}, now=NOW)
        await inbox.bury(c, message_id(4), "too large")
    async with db.read() as c:
        found = await backlog.unread(c)
    assert found == {
        "received": Backlog(2, later(1), ""),
        "forwarded": Backlog(1, later(3), ""),
        "dead": Backlog(1, later(4), "too large"),
    }


async def test_what_a_conversation_in_a_delay_reads_later_can_be_left_out(db: Database) -> None:
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        await inbox.receive(c, inbox_item(2), owner="g", lease=LEASE, now=NOW)
        await inbox.forwarded(c, {message_id(2): NOW}, now=NOW)
        await turn.commit(c, deliver(1, events=(event(5, "delay_begun"),)), NOW)
    async with db.read() as c:
        assert list(await backlog.unread(c)) == ["forwarded"]
        assert await backlog.unread(c, resting=False) == {}


async def test_unsettled_parts_are_counted_and_sent_ones_are_not(db: Database) -> None:
    async with db.write() as c:
        assert await backlog.unsettled(c) == {}
        await turn.commit(c, first_turn(1), NOW)
        assert await backlog.unsettled(c) == {"queued": Backlog(1, NOW, "")}
        await outbox.sending(c, message_id(1), 4, timedelta(seconds=7))
        assert await backlog.unsettled(c) == {"sending": Backlog(1, NOW, "")}
        await outbox.settle(c, message_id(1), 4, state="sent", now=NOW)
        assert await backlog.unsettled(c) == {}
