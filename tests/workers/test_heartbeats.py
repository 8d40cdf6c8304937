"""Calls whose worker dies: missed within seconds, and made again where that does no harm."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import ActivityEnvironment, WorkflowEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, UnsandboxedWorkflowRunner, Worker
from typing_extensions import override

from domain.call import CallHttp, HttpAnswer
from tests.workflows.line import STARTS
from workers import heartbeats
from workers.heartbeats import Heartbeats
from workflows import effects


class Impatient(CallHttp):
    """A call whose attempts are short."""

    @property
    @override
    def attempt(self) -> timedelta:
        return timedelta(seconds=0.5)


@workflow.defn
class Calling:
    @workflow.run
    async def run(self, call: Impatient) -> HttpAnswer:
        return await effects.perform(call, None, None, lambda: False)


@activity.defn(name=CallHttp.activity)
async def lost_at_first(_call: Impatient) -> HttpAnswer:
    """Stands for a call that a dying worker takes along: nothing is heard of its first attempt."""
    attempt = activity.info().attempt
    if attempt == 1:
        await asyncio.Event().wait()
    return HttpAnswer(attempts=attempt)


@pytest.fixture
async def client() -> AsyncGenerator[Client]:
    environment = await WorkflowEnvironment.start_local(  # pyright: ignore[reportUnknownMemberType] - the SDK's own gap
        dev_server_existing_path=str(Path(sys.executable).parent / "temporal"),
        dev_server_startup_timeout=STARTS,
        data_converter=pydantic_data_converter,
    )
    async with environment:
        yield environment.client


async def test_a_lost_call_is_made_again_unless_that_could_do_something_twice(client: Client) -> None:
    async def outcome(method: str, *, repeatable: bool = False) -> tuple[str, int]:
        call = Impatient(
            method=method,
            url="https://crm.example.com",
            limit=timedelta(seconds=1),
            repeatable=repeatable,
            key="c:1",
            patience=timedelta(seconds=20),
        )
        answer = await client.execute_workflow(Calling.run, call, id=f"{method}{repeatable}", task_queue="calls")
        return answer.outcome, answer.attempts

    async with Worker(
        client,
        task_queue="calls",
        workflows=[Calling],
        activities=[lost_at_first],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        found = await asyncio.gather(outcome("GET"), outcome("POST"), outcome("POST", repeatable=True))
    assert found == [("ok", 2), ("failed", 1), ("ok", 2)]


class Lasting(ActivityInboundInterceptor):
    """An activity that lasts until it is let go."""

    def __init__(self) -> None:
        self.over = asyncio.Event()

    @override
    def init(self, outbound: Any) -> None:
        pass

    @override
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        await self.over.wait()


async def test_what_has_a_heartbeat_timeout_beats_as_long_as_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeats, "BEAT", timedelta(milliseconds=1))
    beats: list[object] = []

    async def beaten(within: timedelta | None) -> int:
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, heartbeat_timeout=within)
        environment.on_heartbeat = lambda *details: beats.append(details)
        lasting = Lasting()
        asyncio.get_running_loop().call_later(0.05, lasting.over.set)
        call = ExecuteActivityInput(fn=lost_at_first, args=[], executor=None, headers={})
        beats.clear()
        await environment.run(Heartbeats().intercept_activity(lasting).execute_activity, call)
        heard = len(beats)
        await asyncio.sleep(0.02)
        assert len(beats) == heard
        return heard

    assert await beaten(timedelta(seconds=10)) > 2
    assert await beaten(None) == 0
