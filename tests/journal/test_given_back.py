from journal import turn
from journal.database import Database
from journal.given_back import give_back
from tests.journal.factory import NOW, WORKFLOW, first_turn, inbox_item, later, message_id
from tests.journal.lane import claim, forwarded, receive, state_of


async def _give_back(db: Database, *numbers: int, seconds: float = 0) -> int | None:
    async with db.write() as c:
        ids = [message_id(n) for n in numbers]
        return await give_back(c, WORKFLOW, ids, now=later(seconds), until=later(seconds + 2))


async def test_what_is_given_back_is_forwarded_again_in_order_and_before_what_came_after(db: Database) -> None:
    for n in (1, 2, 3, 4):
        await receive(db, inbox_item(n))
    for n in (1, 2, 3):
        await claim(db)
        await forwarded(db, message_id(n))

    assert await _give_back(db, 2, 3) == 2

    assert await claim(db, seconds=1) is None
    for n in (2, 3, 4):
        claimed = await claim(db, seconds=3)
        assert claimed is not None
        assert claimed.message_id == message_id(n)
        await forwarded(db, message_id(n), seconds=3, again=60)


async def test_nothing_is_given_back_while_something_is_in_flight(db: Database) -> None:
    await receive(db, inbox_item(1))
    await forwarded(db, message_id(1))
    await receive(db, inbox_item(2))

    assert await _give_back(db, 1) is None

    assert await state_of(db, message_id(1)) == "forwarded"
    await forwarded(db, message_id(2))
    assert await _give_back(db, 1) == 1
    assert await _give_back(db, 2, seconds=1) == 1, "more can be given back at once"


async def test_what_was_read_is_not_given_back(db: Database) -> None:
    await receive(db, inbox_item(1))
    await forwarded(db, message_id(1))
    async with db.write() as c:
        await turn.commit(c, first_turn(1), now=NOW)

    assert await _give_back(db, 1) == 0

    assert await state_of(db, message_id(1)) == "consumed"
