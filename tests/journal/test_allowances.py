"""What may be done so often in a while."""

from datetime import timedelta

from journal import allowances, inbox, turn
from journal.allowances import Allowance, Asker
from journal.database import Database
from tests.journal.factory import ACCOUNT, ADDRESS, LEASE, NOW, first_turn, inbox_item, later

THREE = Allowance(most=3, within=timedelta(hours=1))


async def take(db: Database, item: str, seconds: float = 0, *, subject: str = "s", purpose: str = "code") -> bool:
    async with db.write() as c:
        return await allowances.take(c, purpose, subject, item, THREE, later(seconds))


async def test_three_things_in_an_hour_and_no_fourth(db: Database) -> None:
    assert [await take(db, item) for item in "abcd"] == [True, True, True, False]


async def test_the_same_thing_again_counts_once(db: Database) -> None:
    assert [await take(db, item) for item in "aaabbc"] == [True] * 6
    assert [await take(db, item) for item in "dca"] == [False, True, True]


async def test_what_an_hour_is_over_counts_no_more(db: Database) -> None:
    assert [await take(db, item, at) for item, at in (("a", 0), ("b", 1800), ("c", 3000))] == [True] * 3
    assert not await take(db, "d", 3599)
    assert await take(db, "d", 3601)
    assert not await take(db, "a", 3602)


async def test_others_and_other_purposes_have_their_own(db: Database) -> None:
    assert [await take(db, item) for item in "abc"] == [True] * 3
    assert await take(db, "d", subject="t")
    assert await take(db, "d", purpose="register")


async def test_a_day_later_nothing_is_left(db: Database) -> None:
    assert [await take(db, item) for item in "abc"] == [True] * 3
    assert await take(db, "z", 86_401, subject="t")
    async with db.read() as c:
        assert await allowances.count(c, "code") == 1


async def test_whose_conversation_it_is_and_where_the_last_message_came_from(db: Database) -> None:
    item = inbox_item(1)
    item = item.model_copy(update={"payload": item.payload.model_copy(update={"origin": "0123abc"})})
    async with db.write() as c:
        await inbox.receive(c, item, owner="relay", lease=LEASE, now=NOW)
        done = first_turn(1)
        await turn.commit(c, done, NOW)
        assert await allowances.asker(c, done.conversation_id) == Asker(
            account=ACCOUNT, address=ADDRESS, origin="0123abc"
        )
        assert await allowances.asker(c, "f" * 32) is None
