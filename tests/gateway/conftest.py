from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from journal.database import Database, upgrade
from tests.gateway.fakes import FakeTemporal, Gateway, gateway
from tests.gateway.processes import Process, Start, launch


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    url = f"sqlite:///{tmp_path}/prosa.db"
    upgrade(url)
    opened = Database(url)
    yield opened
    await opened.close()


@pytest.fixture
def temporal() -> FakeTemporal:
    return FakeTemporal()


@pytest.fixture
async def site(tmp_path: Path, database: Database, temporal: FakeTemporal) -> AsyncGenerator[Gateway]:
    """A gateway with a web chat `site` and an HTTP account `front`."""
    async with gateway(tmp_path, database, temporal) as running:
        yield running


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts gateway processes; those that still run at the end are killed."""
    running: list[Process] = []

    def begin(file: Path, **environment: str) -> Process:
        running.append(launch(file, **environment))
        return running[-1]

    yield begin
    for process in running:
        if not process.log.closed:
            process.end()
