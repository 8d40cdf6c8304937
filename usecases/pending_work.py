"""The pending work of a workflow, as Temporal shows it: the steps that fail, since when, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryReverseRequest
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError

from runtime.wording import clock, seconds
from usecases.temporal_client import gone

PATIENCE: Final = timedelta(seconds=3)
UNTAKEN: Final = timedelta(seconds=15)
"""How long a task may wait until nobody seems to be there to take it."""
FAILING: Final = 3
"""Attempts after which a task counts as failing, not just late."""
ERP: Final = "erp:"
NOT_OURS: Final = "TMPRL1100"
"""The SDK's message when code does not fit the history that it replays."""
OTHER_CODE: Final = "a worker plays it with other code than it began with"
EVENTS: Final = 20
"""Newest events that are searched for the failure of a task."""


@dataclass(frozen=True)
class Trying:
    """One thing that is being tried again: a call to an ERP, or the delivery of a turn."""

    activity: str
    connection: str
    """Connection of the ERP; empty for a delivery."""
    attempt: int
    code: str
    """Code of the last error; empty while the first attempt is going on."""
    error: str
    since: datetime | None
    again_at: datetime | None
    gives_up_at: datetime | None
    taken: bool
    """Whether a worker has it, or had it before."""

    @property
    def words(self) -> str:
        """A sentence about the call, its error and the next attempt."""
        what = f"the call to {self.connection}" if self.connection else "the sending of its messages"
        if not self.taken:
            return f"{what} waits for a worker since {_at(self.since)}"
        if not self.error:
            return f"{what} is under way since {_at(self.since)}"
        then = f"; tried again at {_at(self.again_at)}" if self.again_at else "; being tried again now"
        until = f", given up at {_at(self.gives_up_at)}" if self.gives_up_at else ""
        return f"{what} has failed {self.attempt - 1} times: {self.error}{then}{until}"


@dataclass(frozen=True)
class PendingWork:
    """The pending work of one open workflow."""

    workflow_id: str
    run_id: str
    trying: tuple[Trying, ...]
    attempt: int
    """Number of the attempt at its next step; 0 when there is nothing to do."""
    waits_since: datetime | None
    """Since when its next step waits for a worker."""
    problem: str
    """Why its next step fails again and again."""

    @property
    def stuck(self) -> bool:
        """Whether its code fails, so that it can neither hear nor say anything."""
        return self.attempt >= FAILING

    @property
    def untaken(self) -> bool:
        """Whether no worker is there to take its next step."""
        late = datetime.now(UTC) - UNTAKEN
        waiting = [self.waits_since, *(one.since for one in self.trying if not one.taken)]
        return not self.stuck and any(since is not None and since < late for since in waiting)

    @property
    def words(self) -> tuple[str, ...]:
        """Obstacles, a sentence each; none when all is well."""
        found = [one.words for one in self.trying]
        if self.stuck:
            found.append(f"it is stuck: its next step has failed {self.attempt - 1} times: {self.problem}")
        elif self.untaken and self.waits_since:
            length = seconds((datetime.now(UTC) - self.waits_since).total_seconds())
            found.append(f"its next step waits for a worker, for {length} now")
        return tuple(found)


async def pending_work(client: Client, workflow_id: str) -> PendingWork | None:
    """Return how the open workflow of that id stands; None when there is none."""
    try:
        found = await client.get_workflow_handle(workflow_id).describe(rpc_timeout=PATIENCE)
    except RPCError as error:
        if gone(error):
            return None
        raise
    if found.status != WorkflowExecutionStatus.RUNNING:
        return None
    raw = found.raw_description
    task = raw.pending_workflow_task if raw.HasField("pending_workflow_task") else None
    attempt = task.attempt if task else 0
    started = task is not None and task.HasField("started_time")
    return PendingWork(
        workflow_id=workflow_id,
        run_id=found.run_id or "",
        trying=tuple(_trying(activity) for activity in raw.pending_activities),
        attempt=attempt,
        waits_since=None if task is None or started else _moment(task, "original_scheduled_time"),
        problem=await _problem(client, found) if attempt >= FAILING else "",
    )


def plain(problem: str) -> str:
    """Return the plain meaning of an error of Temporal's SDK, where we know it."""
    return OTHER_CODE if NOT_OURS in problem else problem


def _trying(activity: PendingActivityInfo) -> Trying:
    failure = activity.last_failure
    while failure.HasField("server_failure_info") and failure.HasField("cause"):  # cut to size by the server
        failure = failure.cause
    queue = activity.activity_options.task_queue.name
    return Trying(
        activity=activity.activity_type.name,
        connection=queue.removeprefix(ERP) if queue.startswith(ERP) else "",
        attempt=activity.attempt,
        code=failure.application_failure_info.type,
        error=failure.message,
        since=_moment(activity, "last_started_time", "scheduled_time"),
        again_at=_moment(activity, "next_attempt_schedule_time"),
        gives_up_at=_moment(activity, "expiration_time"),
        taken=activity.HasField("last_started_time") or activity.attempt > 1,
    )


def _moment(message: Any, *names: str) -> datetime | None:
    stamps: Iterable[Timestamp] = (getattr(message, name) for name in names if message.HasField(name))
    return next((stamp.ToDatetime(tzinfo=UTC) for stamp in stamps if stamp.seconds > 0), None)


async def _problem(client: Client, found: WorkflowExecutionDescription) -> str:
    """Return why the workflow's task fails: Temporal writes the first failure into the history, and only that."""
    answer = await client.workflow_service.get_workflow_execution_history_reverse(
        GetWorkflowExecutionHistoryReverseRequest(
            namespace=client.namespace,
            execution=WorkflowExecution(workflow_id=found.id, run_id=found.run_id or ""),
            maximum_page_size=EVENTS,
        ),
        timeout=PATIENCE,
    )
    for event in answer.history.events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            return plain(event.workflow_task_failed_event_attributes.failure.message)
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
            return "a worker took it and did not come back with an answer in time"
    return "Temporal does not say why"


def _at(moment: datetime | None) -> str:
    return clock(moment) if moment else "-"
