import asyncio

import pytest
from sqlalchemy import select

from domain.effect import LoadedFlow
from domain.errors import FlowError, UnknownNameError
from journal import flows
from journal.database import Database
from journal.flows import Published
from journal.tables import flow_publication
from tests.journal.factory import NOW, later


async def _publish(db: Database, version: str, *, name: str = "support", **calls: str) -> Published:
    async with db.write() as c:
        return await flows.publish(
            c, name=name, version=version, content={"cards": [version]}, calls=calls, by="ana", now=NOW
        )


async def _current(db: Database, name: str = "support") -> str | None:
    async with db.read() as c:
        flow = await flows.current(c, name)
    return None if flow is None else flow.version


async def _rollback(db: Database, to: int | str | None = None) -> str:
    async with db.write() as c:
        return (await flows.rollback(c, "support", to, by="bia", now=later(1))).version


async def test_what_was_published_comes_back_whole(db: Database) -> None:
    assert await _publish(db, "hash-1", invoice="hash-i") == Published(number=1, new=True)
    expected = LoadedFlow(
        name="support", version="hash-1", number=1, content={"cards": ["hash-1"]}, calls={"invoice": "hash-i"}
    )
    async with db.read() as c:
        assert await flows.current(c, "support") == expected
        assert await flows.get(c, "hash-1") == expected


async def test_a_flow_never_published_has_no_current_version(db: Database) -> None:
    assert await _current(db) is None
    async with db.read() as c:
        with pytest.raises(UnknownNameError, match="'hash-9'"):
            await flows.get(c, "hash-9")


async def test_versions_count_by_name(db: Database) -> None:
    numbers = [(await _publish(db, version)).number for version in ("hash-1", "hash-2", "hash-3")]
    assert numbers == [1, 2, 3]
    assert await _publish(db, "hash-x", name="sales") == Published(number=1, new=True)


async def test_the_same_content_again_is_no_new_version_but_becomes_current(db: Database) -> None:
    await _publish(db, "hash-1")
    await _publish(db, "hash-2")
    assert await _publish(db, "hash-1") == Published(number=1, new=False)
    assert await _current(db) == "hash-1"


async def test_versions_published_at_once_get_different_numbers(db: Database) -> None:
    published = await asyncio.gather(*(_publish(db, f"hash-{n}") for n in range(6)))
    assert sorted(result.number for result in published) == [1, 2, 3, 4, 5, 6]


async def test_a_stored_version_never_changes_what_it_calls(db: Database) -> None:
    await _publish(db, "hash-1", invoice="old")
    with pytest.raises(FlowError, match="needs another version"):
        await _publish(db, "hash-1", invoice="new")
    with pytest.raises(FlowError, match="'sales'"):
        await _publish(db, "hash-1", name="sales", invoice="old")


async def test_versions_are_listed_the_newest_first(db: Database) -> None:
    for version in ("hash-1", "hash-2"):
        await _publish(db, version)
    await _publish(db, "hash-x", name="sales")
    await _rollback(db)
    async with db.read() as c:
        listed = [(row.name, row.number, row.current) for row in await flows.versions(c)]
        assert [row.version for row in await flows.versions(c, "support")] == ["hash-2", "hash-1"]
    assert listed == [("sales", 1, True), ("support", 2, False), ("support", 1, True)]


async def test_going_back_twice_goes_back_two(db: Database) -> None:
    for version in ("hash-1", "hash-2", "hash-3"):
        await _publish(db, version)
    assert [await _rollback(db), await _rollback(db)] == ["hash-2", "hash-1"]
    assert await _current(db) == "hash-1"
    with pytest.raises(UnknownNameError, match="no version before"):
        await _rollback(db)


async def test_going_back_passes_over_what_was_rolled_back(db: Database) -> None:
    await _publish(db, "hash-1")
    await _publish(db, "hash-2")
    await _rollback(db)
    await _publish(db, "hash-3")
    assert await _rollback(db) == "hash-1"


@pytest.mark.parametrize("to", [2, "beta", "be"])
async def test_one_goes_back_to_a_number_a_hash_or_its_beginning(db: Database, to: int | str) -> None:
    for version in ("alpha", "beta", "gamma"):
        await _publish(db, version)
    assert await _rollback(db, to) == "beta"


@pytest.mark.parametrize("to", [9, "x", ""])
async def test_going_back_to_what_is_not_there_names_what_is(db: Database, to: int | str) -> None:
    for version in ("alpha", "beta"):
        await _publish(db, version)
    with pytest.raises(UnknownNameError, match=r"which has 2 \(beta\), 1 \(alpha\)"):
        await _rollback(db, to)


async def test_going_back_in_a_flow_never_published_is_told(db: Database) -> None:
    with pytest.raises(UnknownNameError, match="'support' was never published"):
        await _rollback(db)


async def test_every_publication_is_kept_with_who_and_when(db: Database) -> None:
    await _publish(db, "hash-1")
    await _publish(db, "hash-2")
    await _rollback(db)
    async with db.read() as c:
        rows = (await c.execute(select(flow_publication).order_by(flow_publication.c.id))).mappings().all()
    assert [(row["version"], row["kind"], row["by"], row["at"]) for row in rows] == [
        ("hash-1", "publish", "ana", NOW),
        ("hash-2", "publish", "ana", NOW),
        ("hash-1", "rollback", "bia", later(1)),
    ]
