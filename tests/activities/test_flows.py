from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities.flows import Flows
from domain.effect import LoadedFlow, LoadFlow
from domain.errors import UnknownNameError
from journal import flows
from journal.database import Database

Load = Callable[[LoadFlow], Awaitable[LoadedFlow]]


@pytest.fixture
def load(database: Database) -> Load:
    async def run(effect: LoadFlow) -> LoadedFlow:
        loaded: Any = await ActivityEnvironment().run(Flows(database).load_flow, effect)
        return loaded

    return run


async def publish(database: Database, version: str, title: str) -> None:
    async with database.write() as connection:
        await flows.publish(
            connection,
            name="main",
            version=version,
            content={"flow": "main", "title": title},
            calls={"other": "v9"},
            by="test",
            now=datetime.now(UTC),
        )


async def test_without_a_version_the_flow_that_is_now_published_is_read(database: Database, load: Load) -> None:
    await publish(database, "v1", "old")
    await publish(database, "v2", "new")
    assert await load(LoadFlow(name="main")) == LoadedFlow(
        name="main", version="v2", number=2, content={"flow": "main", "title": "new"}, calls={"other": "v9"}
    )


async def test_a_version_is_read_as_it_was_whatever_has_been_published_since(database: Database, load: Load) -> None:
    await publish(database, "v1", "old")
    await publish(database, "v2", "new")
    loaded = await load(LoadFlow(name="main", version="v1"))
    assert (loaded.number, loaded.content["title"]) == (1, "old")


async def test_a_flow_that_was_never_published_is_told_with_how_to_publish_it(load: Load) -> None:
    with pytest.raises(UnknownNameError, match=r"flow 'main' is not published; `prosa flow publish` publishes it"):
        await load(LoadFlow(name="main"))


async def test_a_version_that_does_not_exist_is_named(load: Load) -> None:
    with pytest.raises(UnknownNameError, match=r"flow version 'v7' is not in the database"):
        await load(LoadFlow(name="main", version="v7"))
