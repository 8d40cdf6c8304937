"""`patched`: new conversations take a card's new behaviour, those in flight keep the one they began with."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError
from typing_extensions import override

from domain.message import Content
from flows.cards.base import DONE
from flows.cards.note import Note
from flows.conversation import Conversation
from tests.interpreter.world import World, flow
from tests.workflows.line import line
from workflows.conversation import ConversationWorkflow

GREET = "  - {id: greet, card: note, text: Oi}"


async def before(_: Note, conversation: Conversation) -> str:
    conversation.say(Content(text="before"))
    return DONE


async def changed(card: Note, conversation: Conversation) -> str:
    if not conversation.patched("greeting-in-two"):
        return await before(card, conversation)
    conversation.say(Content(text="now, one"))
    await conversation.delivered()
    conversation.say(Content(text="now, two"))
    return DONE


async def changed_without_patch(_: Note, conversation: Conversation) -> str:
    conversation.say(Content(text="now, one"))
    await conversation.delivered()
    conversation.say(Content(text="now, two"))
    return DONE


class InFlight(World):
    """A conversation that began with the code from before a change."""

    @override
    def patched(self, change: str) -> bool:
        return change != "greeting-in-two"


@pytest.mark.parametrize(("kind", "said"), [(World, ["now, one", "now, two"]), (InFlight, ["before"])])
async def test_a_card_learns_from_the_port_which_behaviour_to_take(
    kind: type[World], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Note, "play", changed)
    world = kind({"main": flow(GREET)}, [(0, "oi")])
    await world.play()
    assert world.said == said


async def test_temporal_says_of_a_history_whether_it_has_the_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with line(tmp_path, {"main": flow(GREET)}) as opened:
        monkeypatch.setattr(Note, "play", before)
        await opened.say("oi")
        await opened.until(lambda said: said == ["before"])
        await opened.quiet()  # what was said is in the outbox before the history has it
        in_flight = await opened.handle.fetch_history()
        await opened.over()
        monkeypatch.setattr(Note, "play", changed)
        await opened.say("oi")
        await opened.until(lambda said: said[1:] == ["now, one", "now, two"])

    await replay(in_flight)
    monkeypatch.setattr(Note, "play", changed_without_patch)
    with pytest.raises(NondeterminismError):
        await replay(in_flight)


async def replay(history: WorkflowHistory) -> None:
    replayer = Replayer(
        workflows=[ConversationWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    await replayer.replay_workflow(history)
