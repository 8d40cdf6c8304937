"""A card that fails: its flow says where to go, else the settings."""

from typing import Any

import pytest

from tests.interpreter.world import SETUP, World, flow

FAILING = '  - {id: bad, card: send_message, text: "{{ contact.name | money }}"}'
PEOPLE = '  - {id: sorry, card: send_message, text: "Vou chamar alguem."}'
SETTINGS = SETUP.model_copy(update={"fallback": "flow:people"})
APOLOGY = "Tive um problema aqui do meu lado"


async def played(main: str, more: str = "", **flows: str) -> World:
    known: dict[str, Any] = {"main": flow(main, more=more)} | {name: flow(said, name) for name, said in flows.items()}
    world = World(known, [(0, "oi")], setup=SETTINGS)
    await world.play()
    return world


async def test_the_settings_say_where_to_go() -> None:
    world = await played(FAILING, people=PEOPLE)
    assert (world.said, world.state.resolution) == (["Vou chamar alguem."], "completed")
    assert [event.data["error"] for event in world.events if event.kind == "step_failed"] == ["expression"]


async def test_what_the_flow_says_goes_first() -> None:
    world = await played(f'{FAILING}\n  - {{id: own, card: send_message, text: "Opa."}}', "fallback: own")
    assert world.said == ["Opa."]


async def test_a_flow_may_name_another_flow() -> None:
    world = await played(FAILING, "fallback: flow:own", own='  - {id: sorry, card: send_message, text: "Opa."}')
    assert (world.said, world.state.resolution) == (["Opa."], "completed")


async def test_a_flow_that_names_itself_ends_with_an_apology() -> None:
    world = await played(FAILING, "fallback: flow:main")
    assert ([text[: len(APOLOGY)] for text in world.said], world.state.resolution) == ([APOLOGY], "error")


@pytest.mark.parametrize("people", ["", FAILING, "  - {id: call, card: run_flow, flow: inner}"])
async def test_a_fallback_that_fails_too_ends_with_an_apology(people: str) -> None:
    flows = {"people": people} if people else {}
    world = await played(FAILING, inner=FAILING, **flows)
    assert ([text[: len(APOLOGY)] for text in world.said], world.state.resolution) == ([APOLOGY], "error")


async def test_a_circle_of_failures_comes_to_an_end() -> None:
    circle = "  - {id: call, card: run_flow, flow: inner}\n  - {id: again, card: go_to, go: call}"
    world = await played(circle, inner=FAILING, people=PEOPLE)
    assert world.state.resolution == "error"
