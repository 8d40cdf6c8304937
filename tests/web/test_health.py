from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from journal.database import Database
from tests.gateway.fakes import FakeTemporal, Gateway, gateway


async def test_with_everything_in_reach_it_is_ready(site: Gateway) -> None:
    answer = await site.http.get("/ready")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "temporal": True})


async def test_without_temporal_it_lives_and_is_not_ready(site: Gateway) -> None:
    site.temporal.healthy = False
    answer = await site.http.get("/ready")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "temporal": False})
    assert (await site.http.get("/health")).status_code == 200


@pytest.fixture
async def homeless(tmp_path: Path) -> AsyncGenerator[Gateway]:
    database = Database(f"sqlite:///{tmp_path}/gone/prosa.db")
    async with gateway(tmp_path, database, FakeTemporal()) as running:
        yield running
    await database.close()


async def test_without_its_database_it_lives_and_is_not_ready(homeless: Gateway) -> None:
    answer = await homeless.http.get("/ready")
    assert (answer.status_code, answer.json()) == (503, {"database": False, "temporal": True})
    assert (await homeless.http.get("/health")).status_code == 200
