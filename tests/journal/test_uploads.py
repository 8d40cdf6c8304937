"""Quotas of uploads and their removal, on both databases."""

import asyncio
from datetime import timedelta

import pytest

from journal import uploads
from journal.database import Database
from journal.uploads import Quota, Quotas, Uploader
from tests.journal.factory import NOW

ANA = Uploader(account="site", session="ana", place="office")
BIA = Uploader(account="site", session="bia", place="office")
HERE = Uploader(account="site", session="here")
QUOTAS = Quotas(session=Quota(files=3, bytes=1_000), place=Quota(files=4, bytes=1_500), account_bytes=5_000)


async def begin(db: Database, by: Uploader, size: int = 100, after: timedelta = timedelta(0)) -> int | None:
    async with db.write() as c:
        return await uploads.begin(c, by, size, QUOTAS, NOW + after)


async def test_many_at_once_get_no_more_than_the_quota(db: Database) -> None:
    found = await asyncio.gather(*(begin(db, ANA) for _ in range(8)))
    assert len([number for number in found if number is not None]) == QUOTAS.session.files
    assert await begin(db, BIA) is not None
    assert await begin(db, BIA) is None, "the address has used up its own"
    assert await begin(db, ANA, after=uploads.DAY + timedelta(seconds=1)) is not None


@pytest.mark.parametrize(("by", "least"), [(ANA, 1_000), (HERE, 1_000)])
async def test_bytes_are_counted_as_they_came(db: Database, by: Uploader, least: int) -> None:
    number = await begin(db, by, least)
    assert number is not None
    assert await begin(db, by, 1) is None
    async with db.write() as c:
        await uploads.end(c, number, "f" * 64, 10, NOW)
    assert await begin(db, by, least - 10) is not None


async def test_what_nobody_has_said_is_told_once(db: Database) -> None:
    for by, file_id in ((ANA, "a" * 64), (BIA, "b" * 64), (HERE, "")):
        number = await begin(db, by)
        assert number is not None
        async with db.write() as c:
            await uploads.end(c, number, file_id, 10, NOW)
    async with db.write() as c:
        await uploads.say(c, "site", "ana", ["a" * 64, "b" * 64])
        assert await uploads.forget(c, NOW) == {}
        assert await uploads.forget(c, NOW + timedelta(seconds=1)) == {"b" * 64: NOW}
        assert await uploads.forget(c, NOW + timedelta(days=9)) == {}
