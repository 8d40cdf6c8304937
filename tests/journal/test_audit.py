import asyncio
from datetime import UTC, datetime

from sqlalchemy import delete, update

from journal import audit
from journal.database import Database
from journal.tables import audit as table

NOW = datetime(2026, 3, 2, 14, 30, 0, 123_456, tzinfo=UTC)


async def write(db: Database, *subjects: str) -> None:
    for subject in subjects:
        async with db.write() as c:
            await audit.append(c, by="ana", action="close", subject=subject, reason="ç\0", now=NOW, data={"exit": "x"})


async def test_what_was_written_is_read_the_newest_first_and_holds(db: Database) -> None:
    await write(db, "20260302-000001", "20260302-000002")
    async with db.read() as c:
        found = await audit.entries(c)
        assert await audit.verify(c) == []
        assert [entry.number for entry in await audit.entries(c, subject="20260302-000001")] == [1]
    assert [(entry.number, entry.subject) for entry in found] == [(2, "20260302-000002"), (1, "20260302-000001")]
    assert found[0].previous == found[1].hash
    assert found[1].previous == audit.BEGINNING
    assert (found[0].reason, found[0].data) == ("ç", {"exit": "x"})


async def test_an_entry_that_was_changed_is_named(db: Database) -> None:
    await write(db, "a", "b", "c")
    async with db.write() as c:
        await c.execute(update(table).where(table.c.number == 2).values(by="nobody"))
        assert await audit.verify(c) == ["entry 2 is not what was written: its hash does not fit"]


async def test_an_entry_that_was_changed_with_its_hash_breaks_the_chain_behind_it(db: Database) -> None:
    await write(db, "a", "b", "c")
    async with db.write() as c:
        forged = (await audit.entries(c, subject="b"))[0].model_copy(update={"by": "nobody"})
        values = {"by": "nobody", "hash": forged.expected_hash()}
        await c.execute(update(table).where(table.c.number == 2).values(values))
        assert await audit.verify(c) == ["entry 3 does not follow the one before it"]


async def test_an_entry_that_was_taken_out_is_missed(db: Database) -> None:
    await write(db, "a", "b", "c")
    async with db.write() as c:
        await c.execute(delete(table).where(table.c.number == 2))
        assert await audit.verify(c) == ["entry 2 is missing: the one after 1 is 3"]


async def test_several_writers_make_one_chain(db: Database) -> None:
    await asyncio.gather(*(write(db, *(f"{writer}-{n}" for n in range(3))) for writer in range(4)))
    async with db.read() as c:
        assert await audit.verify(c) == []
        assert len(await audit.entries(c)) == 12
