"""The status of each workflow, as Temporal sees it."""

import asyncio
from collections.abc import Mapping
from typing import Final, NamedTuple

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle

SECONDS: Final = 20


class WorkflowStatus(NamedTuple):
    """The newest run of one workflow."""

    workflow_id: str
    status: str
    waits_on: int
    """Timers that have not fired, and activities that have not ended."""
    stuck: str = ""
    """What is wrong with its workflow task; empty when there is none to do."""


async def statuses(client: Client) -> Mapping[str, WorkflowStatus]:
    """Return the newest run of every workflow, by workflow id."""
    ids = {execution.id async for execution in client.list_workflows()}
    return {workflow_id: await _settled(client, workflow_id) for workflow_id in sorted(ids)}


async def _settled(client: Client, workflow_id: str) -> WorkflowStatus:
    """Return the status of a workflow; one that has just been woken gets a moment."""
    newest = await _look(client, workflow_id)
    for _ in range(SECONDS):
        if newest.status != "RUNNING" or (newest.waits_on and not newest.stuck):
            break
        await asyncio.sleep(1)
        newest = await _look(client, workflow_id)
    return newest


async def _look(client: Client, workflow_id: str) -> WorkflowStatus:
    description = await client.get_workflow_handle(workflow_id).describe()
    raw = description.raw_description
    status = description.status.name if description.status is not None else "NONE"
    task = raw.pending_workflow_task
    stuck = f"workflow task of attempt {task.attempt} pending" if raw.HasField("pending_workflow_task") else ""
    waits_on = len(raw.pending_activities)
    if description.status == WorkflowExecutionStatus.RUNNING:
        waits_on += await _timers(client.get_workflow_handle(workflow_id, run_id=description.run_id))
    return WorkflowStatus(workflow_id, status, waits_on, stuck)


async def _timers(handle: WorkflowHandle[object, object]) -> int:
    """Return how many timers have been started and neither fired nor been cancelled."""
    open_timers = 0
    async for event in handle.fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            open_timers += 1
        elif event.event_type in {EventType.EVENT_TYPE_TIMER_FIRED, EventType.EVENT_TYPE_TIMER_CANCELED}:
            open_timers -= 1
    return open_timers
