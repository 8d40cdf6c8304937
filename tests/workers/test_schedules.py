"""Schedules on a real Temporal: kept as the settings say, and what one does when its time has come."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.campaigns import Campaigns
from domain.campaign import SendCampaign, Tally
from prosa import schedule
from runtime.settings import Settings
from runtime.temporal import DATA_CONVERTER
from runtime.temporal_names import SCHEDULES, TASK_QUEUE
from tests.workflows.line import STARTS
from workers import schedules
from workflows.campaign import CampaignWorkflow

WEEKLY = {"account": "site", "flow": "csat", "contacts": "list.csv", "cron": "0 9 * * 1"}
ONCE = {**WEEKLY, "cron": "", "at": "2099-12-01T09:00:00"}


@pytest.fixture
async def client() -> AsyncGenerator[Client]:
    environment = await WorkflowEnvironment.start_local(  # pyright: ignore[reportUnknownMemberType] - the SDK's own gap
        dev_server_existing_path=str(Path(sys.executable).parent / "temporal"),
        dev_server_startup_timeout=STARTS,
        data_converter=DATA_CONVERTER,
    )
    async with environment:
        yield environment.client


async def test_schedules_are_those_of_the_settings_and_open_conversations(client: Client) -> None:
    asked: list[SendCampaign] = []

    async def send(sending: SendCampaign) -> Tally:
        asked.append(sending)
        return Tally(opened=2, already_open=1)

    def settings(**wanted: dict[str, Any]) -> Settings:
        temporal = {"address": client.service_client.config.target_host}
        accounts = {"site": {"channel": "webchat", "flow": "csat"}}
        return Settings.model_validate({"temporal": temporal, "accounts": accounts, "schedules": wanted})

    await schedules.keep(client, settings(weekly=WEEKLY, gone=WEEKLY))
    kept = settings(weekly=WEEKLY, once=ONCE)
    async with asyncio.timeout(60):  # what the server lists is a moment old
        while {one.id async for one in await client.list_schedules()} != {f"{SCHEDULES}{n}" for n in kept.schedules}:
            await schedules.keep(client, kept)
            await asyncio.sleep(0.1)

    before = {one.name: one for one in await schedule.look(kept)}
    assert before["weekly"].outcome == "has not run yet"
    assert before["once"].next is not None
    assert before["once"].next.isoformat() == "2099-12-01T12:00:00+00:00"

    worker = Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[CampaignWorkflow],
        activities=[Campaigns(send).send_campaign],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with worker, asyncio.timeout(60):
        await client.get_schedule_handle(f"{SCHEDULES}weekly").trigger()
        while (found := (await schedule.look(kept))[0].outcome) in {"has not run yet", "at work"}:  # noqa: ASYNC110 - a server's
            await asyncio.sleep(0.1)
    assert found == "2 opened, 1 already open"
    [sending] = asked
    assert sending.schedule == "weekly"
    assert sending.key.startswith(f"{SCHEDULES}weekly-")
