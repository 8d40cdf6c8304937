"""Cards that do not say how long they wait: what their flow says holds, else what the settings said at the opening."""

from typing import Any

import pytest

from domain.wait_defaults import WaitDefaults
from tests.interpreter.world import SETUP, World, flow

SETTINGS = SETUP.model_copy(
    update={
        "silence": WaitDefaults.model_validate(
            {"timeout": "20m", "reminders": [{"after": "10m", "text": "{{ contact.name | first_name }}?"}]}
        )
    }
)
FLOW = 'silence: {timeout: 1h, reminders: [{after: 5m, text: "Oi? {{ contact.name }}"}]}'
ASK = """
  - {id: ask, card: ask_question, text: "Qual?", answer: text, save_as: name%s, exits: {invalid: end, no_answer: end}}
"""
OTHERS = {
    "await_interaction": "  - {id: ask, card: await_interaction, exits: {no_answer: end}}",
    "survey": '  - {id: ask, card: survey, scale: nps, text: "Nota?", exits: {no_answer: end}}',
}


async def silent(cards: str, more: str = "", **changes: Any) -> tuple[str, float]:
    """Return what is said after the question, and how many minutes pass until the end."""
    world = World({"main": flow(cards, more=more)}, [(0, "oi")], **changes)
    await world.play()
    ended = next(event.at for event in world.events if event.kind == "conversation_ended")
    return " ".join(world.said[1:]), (ended - world.events[0].at).total_seconds() / 60


@pytest.mark.parametrize(
    ("own", "more", "setup", "said"),
    [
        ("", "", SETUP, ("", 24 * 60)),
        ("", "", SETTINGS, ("Ana?", 20)),
        ("", FLOW, SETUP, ("Oi? Ana Souza", 60)),
        ("", FLOW, SETTINGS, ("Oi? Ana Souza", 60)),
        ("", "silence: {timeout: 1h}", SETTINGS, ("Ana?", 60)),
        (", timeout: 7m", FLOW, SETTINGS, ("Oi? Ana Souza", 7)),
        (", timeout: 3m", FLOW, SETTINGS, ("", 3)),
        (", reminders: []", FLOW, SETTINGS, ("", 60)),
        (", reminders: [{after: 2m, text: 'E?'}]", FLOW, SETTINGS, ("E?", 60)),
    ],
)
async def test_the_nearest_that_says_it_is_heard(own: str, more: str, setup: Any, said: tuple[str, int]) -> None:
    assert await silent(ASK % own, more, setup=setup) == said


@pytest.mark.parametrize("card", OTHERS)
async def test_every_card_that_waits_with_reminders_knows_it(card: str) -> None:
    assert (await silent(OTHERS[card], setup=SETTINGS))[1] == 20


async def test_a_called_flow_hears_its_own_and_the_settings_not_its_callers() -> None:
    flows = {
        "main": flow("  - {id: call, card: run_flow, flow: inner}", more=FLOW),
        "inner": flow(ASK % "", "inner"),
    }
    world = World(flows, [(0, "oi")], setup=SETTINGS, turns_per_run=1)
    await world.play()
    assert world.said == ["Qual?", "Ana?"]
