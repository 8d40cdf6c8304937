"""Temporal's history of a conversation in words: scheduled activities, attempts, timers and signals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from runtime.settings import Settings
from runtime.temporal_names import SIGNAL_ACT, SIGNAL_CLOSE, SIGNAL_INTERVENE, SIGNAL_MESSAGE
from runtime.wording import seconds
from usecases import conversations
from usecases.temporal_client import reached

QUIET: Final = frozenset({"workflow task scheduled", "workflow task started"})
"""Events that every turn has, and that say nothing."""
LOCAL: Final = "core_local_activity"
WORDS: Final = {
    "workflow execution started": "this run begins",
    "workflow execution signaled": "is told",
    "workflow execution completed": "this run is over",
    "workflow execution failed": "this run failed",
    "workflow execution terminated": "was terminated",
    "workflow execution continued as new": "goes on as a new run",
    "workflow task completed": "plays on",
    "workflow task failed": "its code failed",
    "workflow task timed out": "its worker did not come back in time",
    "activity task scheduled": "asks for",
    "activity task started": "a worker begins",
    "activity task completed": "is done",
    "activity task failed": "failed for good",
    "activity task timed out": "not done in time",
    "activity task cancel requested": "no longer wants",
    "activity task canceled": "given up",
    "timer started": "waits",
    "timer fired": "time is up",
    "timer canceled": "no longer waits",
    "marker recorded": "notes",
    "upsert workflow search attributes": "can be found by",
}
"""Plain words for Temporal's events."""
SIGNALS: Final = {
    SIGNAL_MESSAGE: "a message of the contact",
    SIGNAL_CLOSE: "an operator ends it",
    SIGNAL_INTERVENE: "an operator moves it on",
    SIGNAL_ACT: "an agent answers the contact, or has helped",
}


@dataclass(frozen=True)
class HistoryLine:
    """One event: its number, time, type, and subject."""

    number: int
    at: datetime
    what: str
    detail: str


@dataclass(frozen=True)
class RunHistory:
    """One run of the workflow."""

    run_id: str
    link: str
    events: list[HistoryLine] = field(default_factory=list[HistoryLine])


async def read(settings: Settings, name: str) -> list[RunHistory]:
    """Return the runs of the conversation *name*, oldest first."""
    row = await conversations.by_name(settings, name)
    runs: list[RunHistory] = []
    async with reached(settings) as client:
        ids = [
            found.run_id
            async for found in client.list_workflows(
                f"WorkflowId = '{row.workflow_id}' AND ProsaProtocol = '{row.protocol}'"
            )
        ]
        for run_id in reversed(ids) if ids else [""]:
            runs.append(await _run(client, settings, row.workflow_id, run_id))  # noqa: PERF401 - it awaits
    return runs


async def _run(client: Client, settings: Settings, workflow_id: str, run_id: str) -> RunHistory:
    handle = client.get_workflow_handle(workflow_id, run_id=run_id or None)
    lines: list[HistoryLine] = []
    names: dict[int, str] = {}
    tries: dict[int, int] = {}
    async for event in handle.fetch_history_events():
        what = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").replace("_", " ").lower()
        summary = await _summary(client, event)
        if summary or what.endswith("scheduled"):
            names[event.event_id] = summary
        if what == "activity task started":
            attributes = event.activity_task_started_event_attributes
            tries[attributes.scheduled_event_id] = attributes.attempt
        if what not in QUIET:
            at = event.event_time.ToDatetime(tzinfo=UTC)
            lines.append(HistoryLine(event.event_id, at, _named(what, event), _detail(event, summary, names, tries)))
    if not run_id and (described := await handle.describe()):
        run_id = described.run_id or ""
    ui = settings.temporal_ui
    link = f"{ui}/namespaces/{client.namespace}/workflows/{workflow_id}/{run_id}/history" if ui else ""
    return RunHistory(run_id, link, lines)


async def _summary(client: Client, event: HistoryEvent) -> str:
    if not event.user_metadata.HasField("summary"):
        return ""
    [said] = await client.data_converter.decode([event.user_metadata.summary], [str])
    return str(said)


def _named(what: str, event: HistoryEvent) -> str:
    if what == "marker recorded" and event.marker_recorded_event_attributes.marker_name == LOCAL:
        return "does at once"
    return WORDS.get(what, what)


def _detail(event: HistoryEvent, summary: str, names: Mapping[int, str], tries: Mapping[int, int]) -> str:
    attributes: Any = getattr(event, event.WhichOneof("attributes") or "", None)
    parts = [summary]
    if hasattr(attributes, "signal_name"):
        parts.append(SIGNALS.get(str(attributes.signal_name), str(attributes.signal_name)))
    if event.HasField("upsert_workflow_search_attributes_event_attributes"):
        parts.append(", ".join(sorted(name.removeprefix("Prosa").lower() for name in _indexed(attributes))))
    if hasattr(attributes, "activity_type") and attributes.activity_type.name and not summary:
        parts.append(attributes.activity_type.name)
    scheduled = getattr(attributes, "scheduled_event_id", 0)
    if scheduled in names:
        parts.append(names[scheduled])
    if hasattr(attributes, "start_to_fire_timeout"):
        parts.append(f"fires after {_length(attributes.start_to_fire_timeout)}")
    started = getattr(attributes, "started_event_id", 0)
    if hasattr(attributes, "fire_after") or (
        started and scheduled in names and "timer" in type(attributes).__name__.lower()
    ):
        parts.append(f"timer of event {started}")
    if tries.get(scheduled, 1) > 1:
        parts.append(f"attempt {tries[scheduled]}")
    failure = getattr(attributes, "failure", None) or getattr(attributes, "last_failure", None)
    if failure is not None and failure.message:
        parts.append(failure.message)
    if hasattr(attributes, "reason") and isinstance(attributes.reason, str):
        parts.append(attributes.reason)
    return " · ".join(part for part in parts if part)


def _indexed(attributes: Any) -> list[str]:
    return list(attributes.search_attributes.indexed_fields)


def _length(duration: Duration) -> str:
    return seconds(duration.ToTimedelta().total_seconds())
