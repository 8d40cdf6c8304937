"""Keys and certificates are renewed under a worker that goes on."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from domain.errors import TemporalError
from runtime import temporal_service
from runtime.settings import Settings
from runtime.temporal import connect, ensure_search_attributes
from runtime.temporal_names import SEARCH_ATTRIBUTES
from runtime.temporal_service import renewing
from tests.runtime.test_temporal_diagnosis import settings
from tests.temporal_front import Authority, front

pytestmark = pytest.mark.asyncio(loop_scope="module")


@workflow.defn
class Greeting:
    @workflow.run
    async def run(self) -> str:
        return await workflow.execute_activity(greet, start_to_close_timeout=timedelta(seconds=10))


@activity.defn
async def greet() -> str:
    return "oi"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncGenerator[Client]:
    """A real Temporal, without TLS."""
    environment = await WorkflowEnvironment.start_local(  # pyright: ignore[reportUnknownMemberType] - the SDK's own gap
        dev_server_existing_path=str(Path(sys.executable).parent / "temporal"),
        dev_server_startup_timeout=timedelta(seconds=60),
    )
    async with environment:
        yield environment.client


@pytest.fixture(scope="module")
def ours() -> Authority:
    return Authority()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporal_service, "RENEWAL", 0.1)


@asynccontextmanager
async def working(chosen: Settings) -> AsyncGenerator[Client]:
    """Poll as our workers do, with the client that everything else uses too."""
    client = await connect(chosen, lazy=False)
    worker = Worker(
        client,
        task_queue="renewal",
        workflows=[Greeting],
        activities=[greet],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with worker, renewing(client, chosen, [worker]):
        yield client


async def greeted(server: Client, name: str) -> str:
    return await asyncio.wait_for(server.execute_workflow(Greeting.run, id=name, task_queue="renewal"), 30)


def renew(folder: Path, **secrets: str) -> None:
    for name, value in secrets.items():
        (folder / "secrets" / name).write_text(value, encoding="utf-8")


async def test_a_renewed_key_is_taken_by_a_worker_and_by_calls_while_they_go_on(
    server: Client, tmp_path: Path, ours: Authority
) -> None:
    async with front(server.service_client.config.target_host, ours.server()) as proxy:
        proxy.keys = {"first"}
        chosen = settings(tmp_path, proxy.address, tls=True, tls_ca=ours.pem, api_key="first")
        async with working(chosen) as client:
            assert await greeted(server, "key-1") == "oi"
            proxy.keys, proxy.expired = {"second"}, {"first"}
            with pytest.raises(RPCError) as refused:
                await client.count_workflows()
            assert refused.value.status == RPCStatusCode.UNAUTHENTICATED
            renew(tmp_path, api_key="second")
            await asyncio.sleep(0.5)
            proxy.cut()  # polls that were waiting were let in by the first key
            assert await greeted(server, "key-2") == "oi"
            await client.count_workflows()


async def test_a_renewed_certificate_is_taken_by_a_worker_and_by_calls_while_they_go_on(
    server: Client, tmp_path: Path, ours: Authority
) -> None:
    old, new = Authority(), Authority()
    async with front(server.service_client.config.target_host, ours.server(clients=old)) as proxy:
        chosen = settings(tmp_path, proxy.address, tls=True, tls_ca=ours.pem, **old.client())
        async with working(chosen) as client:
            assert await greeted(server, "certificate-1") == "oi"
            await proxy.listen(ours.server(clients=new))
            written = new.client()
            renew(tmp_path, tls_certificate=written["tls_certificate"])
            await asyncio.sleep(0.5)  # half of it is there: what was opened goes on
            await client.count_workflows()
            renew(tmp_path, **written)
            await asyncio.sleep(0.5)
            proxy.cut()
            assert await greeted(server, "certificate-2") == "oi"
            await client.count_workflows()


async def test_where_temporal_lets_nobody_make_search_attributes_they_are_named_with_the_command_until_they_are_there(
    server: Client, tmp_path: Path
) -> None:
    async with front(server.service_client.config.target_host) as proxy:
        proxy.refused = {"ListSearchAttributes", "AddSearchAttributes"}
        client = await connect(settings(tmp_path, proxy.address))
        with pytest.raises(TemporalError, match=r"ProsaTags \(KeywordList\)") as refused:
            await ensure_search_attributes(client)
        command = "temporal operator search-attribute create --namespace default --name ProsaAccount --type Keyword"
        assert (refused.value.reason, command in str(refused.value)) == ("search_attributes", True)
        await ensure_search_attributes(server)
        async with asyncio.timeout(20):
            while True:
                try:
                    await ensure_search_attributes(client)
                except TemporalError:
                    await asyncio.sleep(0.2)
                else:
                    break
        proxy.methods.clear()
        proxy.refused = set()
        await ensure_search_attributes(client)
        assert "AddSearchAttributes" not in proxy.methods
        assert len(SEARCH_ATTRIBUTES) == 6
