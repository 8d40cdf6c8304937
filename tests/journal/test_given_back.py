import pytest

from domain.limits import LIMITS
from journal import turn
from journal.database import Database
from journal.given_back import UnderWay, give_back, hold, is_over
from tests.journal.factory import LEASE, NOW, WORKFLOW, first_turn, inbox_item, later, message_id
from tests.journal.lane import claim, forwarded, receive, state_of


async def _give_back(db: Database, *numbers: int, seconds: float = 0) -> int:
    async with db.write() as c:
        return await give_back(c, WORKFLOW, [message_id(n) for n in numbers], until=later(seconds + 2))


async def _hold(db: Database, number: int, seconds: float = 0) -> UnderWay | None:
    async with db.write() as c:
        return await hold(c, WORKFLOW, message_id(number), now=later(seconds), until=later(seconds + 8))


async def _is_over(db: Database, under_way: UnderWay, seconds: float = 0) -> bool:
    async with db.read() as c:
        return await is_over(c, under_way, later(seconds))


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


async def test_a_lane_that_is_held_forwards_nothing_but_what_is_under_way(db: Database) -> None:
    for n in (1, 2, 3):
        await receive(db, inbox_item(n))
    await forwarded(db, message_id(1))
    assert await claim(db) is not None

    under_way = await _hold(db, 1)

    assert under_way is not None
    assert under_way.message_id == message_id(2)
    assert not await _is_over(db, under_way)
    assert await claim(db, seconds=5) is None
    await forwarded(db, message_id(2))
    assert await _is_over(db, under_way)
    assert await claim(db, seconds=5) is None, "what was under way does not free the lane"
    assert await _give_back(db, 1, seconds=5) == 1
    assert await _hold(db, 1, seconds=5) is None, "more can be given back at once"
    claimed = await claim(db, seconds=14)
    assert claimed is not None
    assert claimed.message_id == message_id(1)


async def test_a_message_that_was_under_way_is_waited_for_no_longer_than_its_lease(db: Database) -> None:
    for n in (1, 2):
        await receive(db, inbox_item(n))
    await forwarded(db, message_id(1))
    assert await claim(db) is not None
    under_way = await _hold(db, 1)
    assert under_way is not None
    assert await _is_over(db, under_way, seconds=LEASE.total_seconds())

    again = await _hold(db, 1, seconds=1)  # the first attempt has died: what was under way, nobody knows
    assert again is not None
    assert not await _is_over(db, again, seconds=2)
    assert await _is_over(db, again, seconds=8)


async def test_no_more_is_told_than_a_conversation_may_have_to_read(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journal.inbox.LIMITS", LIMITS.model_copy(update={"told": 2}))
    for n in (1, 2, 3):
        await receive(db, inbox_item(n))
    await forwarded(db, message_id(1))
    assert await claim(db, seconds=1) is not None
    await forwarded(db, message_id(2), again=60)
    assert await claim(db, seconds=2) is None
    async with db.write() as c:
        await turn.commit(c, first_turn(1), now=NOW)
    assert await claim(db, seconds=2.4) is None, "the lane rests for a moment"
    claimed = await claim(db, seconds=3)
    assert claimed is not None
    assert claimed.message_id == message_id(3)


async def test_what_may_have_been_lost_is_told_again_also_when_nothing_more_is(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journal.inbox.LIMITS", LIMITS.model_copy(update={"told": 1}))
    for n in (1, 2):
        await receive(db, inbox_item(n))
    await forwarded(db, message_id(1), again=60)
    assert await claim(db, seconds=2) is None
    claimed = await claim(db, seconds=61)
    assert claimed is not None
    assert claimed.message_id == message_id(1)


async def test_what_was_read_is_not_given_back(db: Database) -> None:
    await receive(db, inbox_item(1))
    await forwarded(db, message_id(1))
    async with db.write() as c:
        await turn.commit(c, first_turn(1), now=NOW)

    assert await _give_back(db, 1) == 0

    assert await state_of(db, message_id(1)) == "consumed"
