"""Keywords: what works at any question, and where it comes back to."""

from typing import Any

import pytest

from domain.conversation import KeywordDefaults
from tests.interpreter.world import SETUP, START, World, flow

ASK = """
  - {id: ask_name, card: ask_question, text: "Nome?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: end, no_answer: end}}
  - {id: ask_age, card: ask_question, text: "Idade?", answer: number, save_as: age, attempts: 2, timeout: 1h,
     exits: {invalid: end, no_answer: end}}
  - {id: done, card: send_message, text: "{{ name }}, {{ age }}", next: end}
  - {id: menu, card: send_message, text: "Menu", next: ask_age}
"""
VARIABLES = "name: {type: text}\n  age: {type: number}"
PERSON = flow('  - {id: say, card: send_message, text: "Ninguém agora."}', "person")


def world(*said: str, more: str = "", others: dict[str, str] | None = None, **changes: Any) -> World:
    script = [(float(at * 10), text) for at, text in enumerate(("oi", *said))]
    flows = {"main": flow(ASK, variables=VARIABLES, more=more), **(others or {})}
    return World(flows, [*script], **changes)


def keywords(played: World) -> list[tuple[Any, Any]]:
    return [(e.data["keyword"], e.data["target"]) for e in played.events if e.kind == "keyword_heard"]


async def test_back_corrects_the_answer_before() -> None:
    played = world("Aan", "voltar", "Ana", "30")
    await played.play()
    assert played.said == ["Nome?", "Idade?", "Nome?", "Idade?", "Ana, 30"]
    assert keywords(played) == [("back", "ask_name")]


async def test_back_at_the_first_question_asks_it_again() -> None:
    played = world("voltar", "Ana", "30")
    await played.play()
    assert played.said == ["Nome?", "Nome?", "Idade?", "Ana, 30"]


async def test_repeat_asks_again_and_costs_no_attempt() -> None:
    played = world("Ana", "muitos", "repetir", "muitos", "30")
    await played.play()
    assert played.said[-1] == "Ana, 30"
    assert [event.data["attempt"] for event in played.events if event.kind == "answer_refused"] == [1, 1]


async def test_leaving_says_goodbye_and_ends_the_conversation() -> None:
    played = world("sair")
    await played.play()
    assert played.said[-1].startswith("Tudo bem, encerramos")
    assert played.state.resolution == "left"


async def test_the_menu_is_where_the_flow_says() -> None:
    played = world("Ana", "menu", "30", more="keywords: {menu: menu}")
    await played.play()
    assert played.said == ["Nome?", "Idade?", "Menu", "Idade?", "Ana, 30"]


@pytest.mark.parametrize("said", ["menu", "atendente"])
async def test_a_word_that_leads_nowhere_is_an_answer_like_any_other(said: str) -> None:
    played = world(said, "30")
    await played.play()
    assert played.said[-1] == f"{said}, 30"
    assert keywords(played) == []


async def test_a_word_that_is_off_is_an_answer_like_any_other() -> None:
    for played in (
        world("sair", "30", more="keywords: {off: [leave]}"),
        world("sair", "30", setup=defaults(off=("leave",))),
    ):
        await played.play()
        assert played.said[-1] == "sair, 30"


async def test_the_question_is_asked_again_after_the_flow_for_people() -> None:
    played = world("Ana", "atendente", "30", more='keywords: {agent: "flow:person"}', others={"person": PERSON})
    await played.play()
    assert played.said == ["Nome?", "Idade?", "Ninguém agora.", "Idade?", "Ana, 30"]


async def test_an_answer_of_the_question_is_no_keyword() -> None:
    cards = """
  - {id: ask, card: ask_question, text: "E agora?", answer: choice, timeout: 1h, exits: {invalid: end, no_answer: end},
     options: [{label: Sair, go: bye}, {label: Ficar}]}
  - {id: bye, card: close, resolution: gone}
"""
    played = World({"main": flow(cards)}, [(0, "oi"), (10, "sair")])
    await played.play()
    assert played.state.resolution == "gone"


def defaults(**keys: Any) -> Any:
    return SETUP.model_copy(update={"keywords": KeywordDefaults(**keys)})


CALLING = """
  - {id: ask, card: ask_question, text: "Qual?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: end, no_answer: end}}
  - {id: call, card: run_flow, flow: inner}
  - {id: menu, card: send_message, text: "Menu", next: ask}
"""
INNER = """
  - {id: ask, card: ask_question, text: "Dentro?", answer: number, save_as: name, timeout: 1h,
     exits: {invalid: end, no_answer: end}}
"""


def nested(*said: str, inner: str = "", **changes: Any) -> World:
    script = [(float(at * 10), text) for at, text in enumerate(("oi", *said))]
    flows = {
        "main": flow(CALLING, more="keywords: {menu: menu}"),
        "inner": flow(INNER, "inner", more=inner),
        "start": flow('  - {id: say, card: send_message, text: "Início"}', "start"),
    }
    return World(flows, [*script], **changes)


@pytest.mark.parametrize(("said", "next_said"), [("voltar", "Qual?"), ("menu", "Menu")])
async def test_a_called_flow_is_left_for_what_its_caller_says(said: str, next_said: str) -> None:
    played = nested("um", said, turns_per_run=1)
    await played.play()
    assert played.said[:3] == ["Qual?", "Dentro?", next_said]
    left = next(event.data for event in played.events if event.kind == "flow_left")
    assert left == {"flow": "inner", "exit": "back" if said == "voltar" else "menu"}


async def test_what_the_inner_flow_says_goes_first() -> None:
    played = nested("um", "menu", inner="keywords: {menu: ask}")
    await played.play()
    assert played.said[:3] == ["Qual?", "Dentro?", "Dentro?"]


async def test_the_settings_say_where_words_lead_that_no_flow_speaks_of() -> None:
    played = nested("um", "sair", setup=defaults(targets={"leave": "flow:start"}))
    await played.play()
    assert played.said[-1] == "Início"
    assert played.state.resolution == "completed"


async def test_a_flow_for_people_is_not_called_from_within_itself() -> None:
    asking = flow(INNER, "person", more='keywords: {agent: "flow:person"}')
    played = World({"main": asking.replace("flow: person", "flow: main", 1), "person": asking}, [])
    played.script = [(0, "oi"), (10, "atendente"), (20, "atendente"), (30, "3"), (40, "4")]
    await played.play()
    assert keywords(played) == [("agent", "flow:person")]
    assert played.said[-2].startswith("Não entendi o número")


RATE = """
  - {id: ask_name, card: ask_question, text: "Nome?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: end, no_answer: end}}
  - {id: rate, card: survey, scale: nps, text: "De 0 a 10?", comment: "Por quê?", timeout: 1h}
  - {id: done, card: send_message, text: "Fim", next: end}
  - {id: menu, card: send_message, text: "Menu", next: end}
"""
REST = """
  - {id: ask_name, card: ask_question, text: "Nome?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: end, no_answer: end}}
  - {id: rest, card: delay, for: 3d, interruptible: true}
  - {id: done, card: send_message, text: "Fim", next: end}
  - {id: menu, card: send_message, text: "Menu", next: end}
"""


def where(cards: str, *said: str, more: str = "keywords: {menu: menu, agent: flow:person}") -> World:
    script: list[Any] = [(float(at * 10), text) for at, text in enumerate(("oi", *said))]
    return World({"main": flow(cards, variables=VARIABLES, more=more), "person": PERSON}, script)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (("Ana", "menu"), ["De 0 a 10?", "Menu"]),
        (("Ana", "9", "menu"), ["De 0 a 10?", "Por quê?", "Menu"]),
        (("Ana", "repetir", "9", "foi bom"), ["De 0 a 10?", "De 0 a 10?", "Por quê?", "Fim"]),
        (("Ana", "voltar", "Bia", "9", "foi bom"), ["De 0 a 10?", "Nome?", "De 0 a 10?", "Por quê?", "Fim"]),
        (("Ana", "atendente", "9", "foi bom"), ["De 0 a 10?", "Ninguém agora.", "De 0 a 10?", "Por quê?", "Fim"]),
        (("Ana", "9", "atendente"), ["De 0 a 10?", "Por quê?", "Ninguém agora.", "Fim"]),
    ],
)
async def test_a_survey_hears_keywords_and_may_be_asked_again_until_it_has_its_score(
    said: tuple[str, ...], heard: list[str]
) -> None:
    played = where(RATE, *said)
    await played.play()
    assert [text.split("\n")[0] for text in played.said[1:]] == heard
    assert [event.data["score"] for event in played.events if event.kind == "survey_answered"] == [9] * ("9" in said)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (("Ana", "menu"), ["Menu"]),
        (("Ana", "voltar", "Bia", "oi?"), ["Nome?", "Fim"]),
        (("Ana", "repetir"), ["Fim"]),
        (("Ana", "menu com fotos?"), ["Fim"]),
    ],
)
async def test_an_interruptible_delay_hears_keywords_but_does_not_begin_anew(
    said: tuple[str, ...], heard: list[str]
) -> None:
    played = where(REST, *said)
    await played.play()
    assert played.said[1:] == heard
    assert (played.clock - START).days == 0


async def test_a_delay_that_nothing_interrupts_hears_nothing() -> None:
    played = where(REST.replace(", interruptible: true", ""), "Ana", "menu")
    await played.play()
    assert played.said[1:] == ["Fim"]
