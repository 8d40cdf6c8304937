from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import httpx
import pytest

from emulators.erps.demo.app import create_app
from emulators.erps.demo.store import Store
from tests.emulators.erps.demo.running import RunningErp

TODAY = date(2026, 11, 21)
TOKEN = "demo-token"


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store(Path(":memory:"), today=lambda: TODAY)) as opened:
        yield opened


@pytest.fixture
async def client(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(store, TOKEN))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://erp", headers=headers) as opened:
        yield opened


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], RunningErp]]:
    """Starts the process on the test's database; may be called again after the first has ended."""
    running: list[RunningErp] = []

    def start_process() -> RunningErp:
        running.append(RunningErp.start(tmp_path / "new folder" / "erp.db"))
        return running[-1]

    yield start_process
    for erp in running:
        erp.end()
