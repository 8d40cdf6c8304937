from datetime import timedelta

import pytest

from domain.effect import Deliver
from domain.event import Event
from domain.limits import LIMITS
from journal import check, conversations, divergence, inbox, outbox, turn
from journal.database import Database
from tests.journal.factory import LEASE, NOW, deliver, event, first_turn, inbox_item, later, message_id, received


async def _commit(db: Database, *turns: Deliver) -> list[turn.Committed]:
    committed: list[turn.Committed] = []
    for each in turns:
        async with db.write() as c:
            committed.append(await turn.commit(c, each, NOW))
    return committed


def answer(**data: str) -> Deliver:
    said = event(6, "message_sent", card="menu", text="...")
    return deliver(1, consumed=(message_id(2),), events=(received(5, 2, **data), said), says={6: "..."})


async def test_what_was_said_since_the_last_wait_is_known_as_it_was_said(db: Database) -> None:
    await _commit(db, first_turn(1), answer(choice="a", late="true"))
    async with db.read() as c:
        found = await divergence.since(c, deliver(1, since=4))
    assert (found.conversation_id, found.upto) == (message_id(1), 6)
    assert [(m.message_id, m.text, m.choice, m.at) for m in found.messages] == [(message_id(2), "message 2", "a", NOW)]


async def test_more_than_a_new_run_could_be_given_is_not_said_again(db: Database) -> None:
    await _commit(db, first_turn(1), answer(choice="x" * LIMITS.unread))
    async with db.read() as c:
        assert await divergence.since(c, deliver(1, since=4)) == await divergence.since(c, deliver(1, since=6))


async def test_a_conversation_that_its_workflow_has_forgotten_is_taken_over_once(db: Database) -> None:
    await _commit(db, first_turn(1), answer())
    second = first_turn(3, chain="run-2")
    taken, again = await _commit(db, second, second)
    assert taken.lost is not None
    assert taken.lost == again.lost
    assert [message.message_id for message in taken.lost.messages] == [message_id(1), message_id(2)]
    (played,) = await _commit(db, first_turn(1, chain="run-2"))
    assert (played.stale, played.lost, played.protocol) == (False, None, "20260302-000001")


async def test_a_message_that_was_read_brings_back_the_conversation_that_read_it(db: Database) -> None:
    await _commit(db, first_turn(1), answer())
    (told_again,) = await _commit(db, first_turn(2, chain="run-2"))
    assert told_again.lost is not None
    assert told_again.lost.conversation_id == message_id(1)


async def test_a_conversation_with_something_left_to_say_is_told_its_last_message(db: Database) -> None:
    for number in (1, 2):
        async with db.write() as c:
            await inbox.receive(c, inbox_item(number), owner="gateway", lease=LEASE, now=NOW)
    await _commit(db, first_turn(1), answer())
    async with db.write() as c:
        assert [message.message_id for message in await divergence.stranded(c)] == [message_id(2)]
        for seq in (4, 6):
            await outbox.settle(c, message_id(1), seq, state="sent", now=NOW)
        assert await divergence.stranded(c) == []


async def test_a_conversation_that_has_ended_or_is_long_quiet_is_left_as_it_is(db: Database) -> None:
    await _commit(db, first_turn(1), deliver(1, events=(event(5, "conversation_ended", resolution="resolved"),)))
    await _commit(db, first_turn(2, chain="run-2"))
    async with db.write() as c:
        much_later = NOW + LIMITS.taken_over + timedelta(seconds=1)
        assert (await turn.commit(c, first_turn(3, chain="run-3"), much_later)).lost is None


async def test_a_repaired_conversation_stands_where_it_says_and_says_nothing_of_what_was_lost(db: Database) -> None:
    ended = event(7, "conversation_ended", resolution="resolved")
    await _commit(db, first_turn(1), answer(), deliver(1, events=(ended,)))
    repaired = Event(
        seq=8,
        kind="conversation_repaired",
        at=later(1),
        data={"since": 4, "upto": 7, "stage": "bot", "tags": ["named"]},
    )
    onward = deliver(1, events=(repaired, event(9, "message_sent", card="menu", text="...")), says={9: "..."})
    first, again = await _commit(db, onward, onward)
    assert first == again
    async with db.read() as c:
        row = await conversations.get(c, message_id(1))
        assert (row.stage, row.ended_at, row.resolution, row.tags, row.last_seq) == ("bot", None, None, ("named",), 9)
        assert [(part.seq, part.state) for part in await outbox.parts(c, message_id(1))] == [
            (4, "failed"),
            (6, "failed"),
            (9, "queued"),
        ]
        assert await check.misprojected(c) == []


@pytest.mark.parametrize("state", ["sent", "sending"])
async def test_what_was_sent_of_a_lost_turn_stays_as_it_is(state: str, db: Database) -> None:
    await _commit(db, first_turn(1))
    async with db.write() as c:
        await outbox.sending(c, message_id(1), 4, timedelta())
        if state == "sent":
            await outbox.settle(c, message_id(1), 4, state="sent", now=NOW)
    repaired = event(5, "conversation_repaired", since=0, upto=4, stage="bot", tags=[])
    await _commit(db, deliver(1, events=(repaired,)))
    async with db.read() as c:
        (part,) = await outbox.parts(c, message_id(1))
    assert part.state == {"sent": "sent", "sending": "unknown"}[state]
