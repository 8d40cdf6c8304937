"""What today's code does with the conversations of yesterday."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from tests.record import HISTORIES
from tests.scenarios import SCENARIOS
from workflows.conversation import ConversationWorkflow

RECORDED = sorted(HISTORIES.glob("*.json"))


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda file: file.stem)
async def test_a_recorded_conversation_replays(recorded: Path) -> None:
    replayer = Replayer(
        workflows=[ConversationWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=UnsandboxedWorkflowRunner(),
    )

    await replayer.replay_workflow(_history(recorded))


def _history(recorded: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(recorded.stem, recorded.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_has_its_history(name: str) -> None:
    assert list(HISTORIES.glob(f"{name}.*.json")), f"`make record` records {name!r}"


def test_histories_hold_no_name_of_a_machine() -> None:
    for recorded in RECORDED:
        assert '"identity":"worker"' in recorded.read_text(encoding="utf-8"), recorded.name
