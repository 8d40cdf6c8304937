"""The gateway and a real Temporal, its dev server on a file."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from prosa.up.ports import free
from runtime.temporal import ensure_search_attributes
from runtime.temporal_names import WORKFLOW
from tests.gateway.processes import Start, configure
from tests.gateway.test_process import say, session

PROGRAM = Path(sys.executable).parent / "temporal"


class Server:
    """A Temporal that can be taken away and brought back."""

    def __init__(self, folder: Path) -> None:
        self.port = free()
        self.address = f"127.0.0.1:{self.port}"
        self._folder = folder
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        file = self._folder / "temporal.db"
        command = [
            str(PROGRAM),
            "server",
            "start-dev",
            "--headless",
            "--port",
            str(self.port),
            "--db-filename",
            str(file),
        ]
        ports = ["--http-port", str(free()), "--metrics-port", str(free())]
        with (self._folder / "temporal.log").open("ab") as log:
            self._popen = subprocess.Popen([*command, *ports], stdout=log, stderr=log)

    def kill(self) -> None:
        if self._popen is not None:
            self._popen.kill()
            self._popen.wait(timeout=20)

    async def client(self) -> Client:
        """Return a client as soon as the server answers."""
        async with asyncio.timeout(60):
            while True:
                try:
                    client = await Client.connect(self.address, data_converter=pydantic_data_converter)
                    await ensure_search_attributes(client)
                except (RPCError, RuntimeError):
                    await asyncio.sleep(0.1)
                else:
                    return client


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[Server]:
    found = Server(tmp_path)
    found.start()
    yield found
    found.kill()


async def histories(client: Client) -> list[WorkflowHistory]:
    found = [execution async for execution in client.list_workflows(f"WorkflowType = '{WORKFLOW}'")]
    return [await client.get_workflow_handle(one.id, run_id=one.run_id).fetch_history() for one in found]


async def signals(client: Client, count: int) -> list[str]:
    """Wait for so many signals, and return the request ids of all there are."""
    async with asyncio.timeout(60):
        while True:
            found = [
                event.workflow_execution_signaled_event_attributes.input.payloads[0].data.decode()
                for history in await histories(client)
                for event in history.events
                if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
            ]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.2)


async def test_a_webhook_becomes_one_signal_and_its_repeat_none(tmp_path: Path, server: Server, start: Start) -> None:
    client = await server.client()
    gateway = await asyncio.to_thread(start, configure(tmp_path, temporal=server.address))
    token = await asyncio.to_thread(session, gateway.url)
    for message_id in ("m1", "m1", "m2", "m1", "m2"):
        assert (await asyncio.to_thread(say, gateway.url, token, message_id)).status_code == 200
    found = await signals(client, 2)
    assert len(found) == 2
    (history,) = await histories(client)
    summary = history.events[0].workflow_execution_started_event_attributes
    assert summary.workflow_type.name == WORKFLOW


async def test_killed_after_the_signal_it_tells_again_and_temporal_drops_the_repeat(
    tmp_path: Path, server: Server, start: Start
) -> None:
    client = await server.client()
    file = configure(tmp_path, temporal=server.address)
    gateway = await asyncio.to_thread(start, file, PROSA_FAILPOINTS="after_signal@1")
    token = await asyncio.to_thread(session, gateway.url)
    assert (await asyncio.to_thread(say, gateway.url, token, "m1")).status_code == 200
    assert await asyncio.to_thread(gateway.popen.wait, 20) == -signal.SIGKILL
    assert len(await signals(client, 1)) == 1
    again = await asyncio.to_thread(start, file)
    assert (await asyncio.to_thread(say, again.url, token, "m2")).status_code == 200
    found = await signals(client, 2)
    assert len(found) == 2  # m2 is told only once m1 has been told again


async def test_killed_after_the_answer_it_tells_when_it_is_back(tmp_path: Path, server: Server, start: Start) -> None:
    client = await server.client()
    file = configure(tmp_path, temporal=server.address)
    gateway = await asyncio.to_thread(start, file, PROSA_FAILPOINTS="after_ack@1")
    token = await asyncio.to_thread(session, gateway.url)
    assert (await asyncio.to_thread(say, gateway.url, token, "m1")).status_code == 200
    assert await asyncio.to_thread(gateway.popen.wait, 20) == -signal.SIGKILL
    assert await histories(client) == []
    await asyncio.to_thread(start, file)
    assert len(await signals(client, 1)) == 1


async def test_a_temporal_that_is_killed_costs_no_message_and_no_order(
    tmp_path: Path, server: Server, start: Start
) -> None:
    await server.client()
    gateway = await asyncio.to_thread(start, configure(tmp_path, temporal=server.address))
    token = await asyncio.to_thread(session, gateway.url)
    assert (await asyncio.to_thread(say, gateway.url, token, "m0")).status_code == 200
    await asyncio.to_thread(server.kill)
    for number in range(1, 15):
        assert (await asyncio.to_thread(say, gateway.url, token, f"m{number}")).status_code == 200
    server.start()
    client = await server.client()
    found = await signals(client, 15)
    assert len(found) == 15
    received = [line.split('"at":"')[1].split('"')[0] for line in found]
    assert received == sorted(received)
