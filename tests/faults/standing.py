"""Where each conversation stands, as Temporal sees it."""

from collections.abc import Mapping
from typing import NamedTuple

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle


class Standing(NamedTuple):
    """The newest run of one workflow."""

    workflow_id: str
    status: str
    waits_on: int
    """Timers that have not fired, and activities that have not ended."""
    stuck: str = ""
    """What is wrong with its workflow task; empty when there is none to do."""


async def standings(client: Client) -> Mapping[str, Standing]:
    """Return the newest run of every workflow, by workflow id."""
    found: dict[str, Standing] = {}
    ids = {execution.id async for execution in client.list_workflows()}
    for workflow_id in sorted(ids):
        handle = client.get_workflow_handle(workflow_id)
        description = await handle.describe()
        raw = description.raw_description
        status = description.status.name if description.status is not None else "NONE"
        stuck = ""
        if raw.HasField("pending_workflow_task"):
            stuck = f"workflow task of attempt {raw.pending_workflow_task.attempt} pending"
        waits_on = len(raw.pending_activities)
        if description.status == WorkflowExecutionStatus.RUNNING:
            waits_on += await _timers(client.get_workflow_handle(workflow_id, run_id=description.run_id))
        found[workflow_id] = Standing(workflow_id, status, waits_on, stuck)
    return found


async def _timers(handle: WorkflowHandle[object, object]) -> int:
    """Return how many timers have been started and neither fired nor been cancelled."""
    open_timers = 0
    async for event in handle.fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            open_timers += 1
        elif event.event_type in {EventType.EVENT_TYPE_TIMER_FIRED, EventType.EVENT_TYPE_TIMER_CANCELED}:
            open_timers -= 1
    return open_timers
