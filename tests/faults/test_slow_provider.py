"""A provider slower than a workflow task: Temporal prolongs the task, and the workflow's clock is no longer exact."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from tests.faults.cluster import Cluster
from tests.faults.contact import Contact, until
from workflows.conversation import ConversationWorkflow

REMINDER = "Você ainda está aí?"
SLOW = 4.5
"""Seconds: longer than a workflow task goes without word of it (four fifths of LIMITS.workflow_task), and than the
flow's reminder waits; shorter than a call may take, or it would be in doubt and made again and again."""


@pytest.mark.long
@pytest.mark.timeout(400)
async def test_a_conversation_with_a_slow_provider_replays(tmp_path: Path) -> None:
    async with Cluster(tmp_path, flow="reminding") as cluster:
        await cluster.switch("careful", slow_seconds=SLOW)
        ana = Contact(cluster)
        await ana.say("oi")
        await until(ana.seen, lambda seen: REMINDER in seen)
        await ana.say("Ana")
        await until(ana.seen, lambda seen: seen.count(REMINDER) == 2)
        await ana.say("Lages")
        await ana.is_alone()
        (ended,) = await ana.conversations()
        handles = [
            cluster.client.get_workflow_handle(run.id, run_id=run.run_id)
            async for run in cluster.client.list_workflows(f"WorkflowId = '{ended['workflow_id']}'")
        ]
        histories = [await handle.fetch_history() for handle in handles]

    assert max(map(_longest_task, histories)) > timedelta(seconds=3), "no workflow task was prolonged"
    replayer = Replayer(
        workflows=[ConversationWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    for history in histories:
        await replayer.replay_workflow(history)


def _longest_task(history: WorkflowHistory) -> timedelta:
    """Return the time from beginning to end of the workflow task that took longest."""
    began = {
        event.event_id: event.event_time.ToDatetime()
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
    }
    return max(
        event.event_time.ToDatetime() - began[event.workflow_task_completed_event_attributes.started_event_id]
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    )
