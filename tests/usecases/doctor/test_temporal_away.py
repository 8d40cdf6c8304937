"""What `prosa doctor` says of a Temporal that is there, and of one that cannot be reached."""

import sys
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
import pytest_asyncio
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from domain.errors import SettingsError, TemporalError
from domain.temporal_reason import TemporalReason
from prosa.up import temporal_server
from runtime.settings import Settings
from runtime.temporal import ensure_search_attributes
from runtime.temporal_section import TemporalSection
from tests.runtime.test_temporal_diagnosis import settings
from tests.temporal_front import front
from usecases.doctor import temporal
from usecases.doctor.temporal_away import away
from usecases.temporal_client import reached

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncGenerator[Client]:
    """A real Temporal that knows no search attribute of ours."""
    environment = await WorkflowEnvironment.start_local(  # pyright: ignore[reportUnknownMemberType] - the SDK's own gap
        dev_server_existing_path=str(Path(sys.executable).parent / "temporal"),
        dev_server_startup_timeout=timedelta(seconds=60),
    )
    async with environment:
        yield environment.client


async def said(chosen: Settings) -> str:
    async with reached(chosen) as client:
        return "\n".join(f"{one.level} {one.what} {' '.join(one.mend)}" for one in await temporal.look(client, chosen))


async def test_missing_search_attributes_are_named_with_the_commands_that_make_them(
    server: Client, tmp_path: Path
) -> None:
    async with front(server.service_client.config.target_host) as proxy:
        proxy.refused = {"ListSearchAttributes", "AddSearchAttributes"}
        found = await said(settings(tmp_path, proxy.address))
        assert "trouble the namespace 'default' does not know the search attributes ProsaAccount (Keyword)" in found
        assert "search-attribute create --namespace default --name ProsaAccount --type Keyword --name" in found
        assert "tcld namespace search-attributes add --namespace default --search-attribute ProsaAccount=Key" in found
        proxy.refused = set()
        await ensure_search_attributes(server)
        assert "search attributes" not in await said(settings(tmp_path, proxy.address))


async def test_our_own_server_keeps_what_has_ended_for_as_long_as_the_settings_say_and_the_doctor_shows_it(
    server: Client, tmp_path: Path
) -> None:
    address = server.service_client.config.target_host
    chosen = settings(tmp_path, address)
    assert f"answers at {address}, namespace 'default', which keeps what has ended for 1 days" in await said(chosen)
    ours = Settings(data=tmp_path, temporal=TemporalSection(port=int(address.rpartition(":")[2]), retention_days=12))
    ready = temporal_server.program(ours).ready
    assert ready is not None
    await ready()
    assert "for 12 days" in await said(chosen)


async def test_a_refusal_inside_of_a_command_is_told_as_what_it_is(server: Client, tmp_path: Path) -> None:
    async with front(server.service_client.config.target_host) as proxy:

        async def shut_out() -> None:
            async with reached(settings(tmp_path, proxy.address)) as client:
                proxy.keys = {"good"}
                await client.count_workflows()

        with pytest.raises(TemporalError, match="refuses us, who have no API key") as refused:
            await shut_out()
    assert refused.value.reason == "unauthorized"


@pytest.mark.parametrize("reason", get_args(TemporalReason))
async def test_every_reason_has_something_that_mends_it(reason: TemporalReason, tmp_path: Path) -> None:
    found = away(Settings(data=tmp_path), TemporalError("a sentence", reason))
    assert (found.level, found.subject, found.what) == ("trouble", "temporal", "a sentence")
    assert found.mend
    unknown = away(Settings(data=tmp_path), SettingsError("a sentence"))
    assert (found.mend == unknown.mend) is (reason in {"other", "search_attributes"})
