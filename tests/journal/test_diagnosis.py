from journal import conversations, diagnosis
from journal.database import Database
from journal.diagnosis import OpenOne
from tests.journal.factory import NOW, Happening, begin, handed, later, message_id


async def test_open_conversations_are_the_newest_and_the_oldest(db: Database) -> None:
    for number in (1, 2, 3):
        await begin(db, number)
    await begin(db, 4, (1, "conversation_ended", {"resolution": "solved"}))
    async with db.read() as c:
        assert {row.address for row in await diagnosis.open_rows(c, 10)} == {"1", "2", "3"}
        assert len(await diagnosis.open_rows(c, 1)) <= 2
        assert await conversations.count_open(c) == 3


async def test_of_some_conversations_the_open_ones_are_told_with_their_stage(db: Database) -> None:
    await begin(db, 1, handed(1))
    await begin(db, 2, (1, "conversation_ended", {"resolution": "solved"}))
    await begin(db, 3)
    async with db.read() as c:
        found = await diagnosis.open_among(c, {message_id(1), message_id(2)})
        protocol = (await conversations.get(c, message_id(1))).protocol
    assert found == {message_id(1): OpenOne(protocol, "queue")}


async def test_recent_events_are_the_newest_of_their_kind_the_oldest_first(db: Database) -> None:
    reminders: list[Happening] = [(at, "reminder_sent", {"n": at}) for at in (1, 2, 3)]
    await begin(db, 1, *reminders, (4, "exit_taken", {"exit": "done"}))
    async with db.read() as c:
        newest = await diagnosis.recent_events(c, "reminder_sent", NOW, 2)
        later_ones = await diagnosis.recent_events(c, "reminder_sent", later(3), 10)
    assert [row["data"]["n"] for row in newest] == [2, 3]
    assert [row["data"]["n"] for row in later_ones] == [3]


async def test_a_question_that_hears_answer_after_answer_is_a_circle(db: Database) -> None:
    answers: list[Happening] = [(at, "answer_refused" if at % 2 else "question_answered", {}) for at in range(1, 4)]
    read: list[Happening] = [
        (at, "message_received", {"message_id": message_id(f"more {at}"), "text": "?"}) for at in range(4, 7)
    ]
    await begin(db, 1, *answers, *read)
    await begin(db, 2, *answers[:1])
    async with db.read() as c:
        [circle] = await diagnosis.circles(c, 3, 10)
        assert await diagnosis.circles(c, 9, 10) == []
    assert (circle.flow, circle.answers) == ("support", 3)


async def test_the_newest_times_are_those_of_temporal_and_of_the_worker(db: Database) -> None:
    await begin(db, 1, (9, "reminder_sent", {}))
    async with db.read() as c:
        assert await diagnosis.newest_times(c, 1) == [(later(9), NOW)]
