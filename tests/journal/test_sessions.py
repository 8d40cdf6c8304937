"""Links to sessions and ended sessions, on both databases."""

import asyncio
from datetime import timedelta

from journal import sessions
from journal.database import Database
from journal.sessions import LinkState, SessionLink
from tests.journal.factory import NOW, later

LINK = SessionLink(account="site", session="s", name="Ana", begun=1, until=NOW + timedelta(minutes=15))


async def use(db: Database, account: str = "site", seconds: float = 1) -> tuple[LinkState, SessionLink | None]:
    async with db.write() as c:
        return await sessions.use_link(c, account, "code", later(seconds))


async def test_one_of_many_transactions_gets_the_link(db: Database) -> None:
    async with db.write() as c:
        await sessions.keep_link(c, "code", LINK)
    found = await asyncio.gather(*(use(db) for _ in range(8)))
    assert sorted(state for state, _ in found) == ["good"] + ["used"] * 7
    assert [link for _, link in found if link is not None] == [LINK]


async def test_a_link_is_gone_when_it_is_late_elsewhere_or_of_an_ended_session(db: Database) -> None:
    async with db.write() as c:
        await sessions.keep_link(c, "code", LINK)
    assert await use(db, account="other") == ("gone", None)
    assert await use(db, seconds=15 * 60) == ("gone", None)
    async with db.write() as c:
        assert await sessions.end(c, "site", "s", "visitor", NOW)
        assert not await sessions.end(c, "site", "s", "bia", NOW)
    assert await use(db) == ("gone", None)


async def test_a_session_is_ended_on_its_account_alone(db: Database) -> None:
    async with db.write() as c:
        await sessions.end(c, "site", "s", "visitor", NOW)
    async with db.read() as c:
        asked = [await sessions.is_ended(c, *of) for of in (("site", "s"), ("site", "t"), ("other", "s"))]
    assert asked == [True, False, False]
