"""Flows and contacts by lot: whatever is written and said, a conversation ends or waits, and plays again alike."""

import json
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import override

from domain.call import ErpAnswer
from domain.limits import LIMITS
from tests.interpreter.world import Silent, World, ok

PLACES = 6
TARGETS = st.sampled_from([*(f"c{place}" for place in range(PLACES)), "end"])
WORDS = (
    "oi",
    "1",
    "2",
    "sim",
    "não",
    "menu",
    "voltar",
    "sair",
    "obrigado",
    "529.982.247-25",
    "12,50",
    "Olá 👋",
    "x" * 300,
)
TEXTS = st.sampled_from(
    [
        "Tudo bem, {{ note }}?",
        "{{ contact.name | first_name }}, {{ number | money }}!",
        "{{ note }}{{ note }}{{ note }}",
        "{{ number.nothing }}",
        "Como posso ajudar?",
    ]
)
ANSWERS: dict[str, ErpAnswer] = {
    "known": ok({"name": "Ana", "open": [1, 2]}),
    "unknown": ErpAnswer(outcome="not_found"),
    "away": ErpAnswer(outcome="failed"),
}


@st.composite
def cards(draw: st.DrawFn, place: int) -> dict[str, Any]:
    """One card of any kind that needs nothing but the interpreter."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    return {"id": f"c{place}", **draw(KINDS[kind]), "card": kind}


def question(answer: str, saved: str, **more: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "text": TEXTS,
            "answer": st.just(answer),
            "save_as": st.just(saved),
            "attempts": st.integers(1, 3),
            "timeout": st.sampled_from(["30s", "30m", "24h"]),
            "reminders": st.sampled_from([[], [{"after": "10s", "text": "Ainda está aí?"}]]),
            "exits": st.fixed_dictionaries({"invalid": TARGETS, "no_answer": TARGETS}),
            **more,
        }
    )


OPTIONS = st.lists(TARGETS, min_size=1, max_size=4).map(
    lambda targets: [{"label": f"Opção {number}", "go": target} for number, target in enumerate(targets, 1)]
)
KINDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "send_message": st.fixed_dictionaries({"text": TEXTS, "next": TARGETS}),
    "ask_question": st.one_of(
        question("text", "note"),
        question("number", "number"),
        question("confirmation", "sure"),
        question("cpf_cnpj", "document"),
        question("choice", "note", options=OPTIONS),
    ),
    "condition": st.fixed_dictionaries(
        {"when": TARGETS.map(lambda go: [{"if": "note == 'sim' or number > 1", "go": go}]), "otherwise": TARGETS}
    ),
    "set_variable": st.fixed_dictionaries({"set": st.just({"note": "{{ note }}{{ note }}!"}), "next": TARGETS}),
    "tag": st.fixed_dictionaries({"add": st.just(["cliente"]), "next": TARGETS}),
    "delay": st.fixed_dictionaries({"for": st.sampled_from(["5s", "2d"]), "next": TARGETS}),
    "survey": st.fixed_dictionaries(
        {"scale": st.just("nps"), "text": st.just("De 0 a 10?"), "timeout": st.just("1h"), "next": TARGETS}
    ),
    "erp_call": st.fixed_dictionaries(
        {
            "connection": st.just("billing"),
            "operation": st.sampled_from(sorted(ANSWERS)),
            "save_as": st.just("found"),
            "next": TARGETS,
            "exits": st.fixed_dictionaries({"not_found": TARGETS, "failed": TARGETS, "rejected": TARGETS}),
        }
    ),
    "run_flow": st.fixed_dictionaries({"flow": st.sampled_from(["main", "other"]), "next": TARGETS}),
    "close": st.just({"resolution": "resolved"}),
}


@st.composite
def flows(draw: st.DrawFn, name: str) -> str:
    variables = {"note": "text", "number": "number", "sure": "boolean", "document": "cpf_cnpj", "found": "record"}
    return json.dumps(  # which is YAML, too
        {
            "spec": 1,
            "flow": name,
            "title": name,
            "variables": {variable: {"type": kind} for variable, kind in variables.items()},
            "cards": [draw(cards(place)) for place in range(PLACES)],
        },
        indent=1,
        ensure_ascii=False,
    )


TOLD = st.lists(st.tuples(st.sampled_from([0.0, 1.0, 40.0, 4_000.0]), st.sampled_from(WORDS)), max_size=12)
ROUNDS = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
SILENCES = 30
"""Time limits that pass without a word until the contact counts as gone: a flow may ask the same for ever."""


class Bounded(World):
    """A world that ends some time after the contact has said the last word."""

    silences = 0

    @override
    async def wait(self, until: datetime | None) -> bool:
        self.silences += not self.script
        if self.silences > SILENCES:
            raise Silent
        return await super().wait(until)


def world(main: str, other: str, told: list[tuple[float, str]], turns_per_run: int = 1_000) -> Bounded:
    """The flows, and a contact who says one thing so many seconds after the other."""
    at = 0.0
    script: list[tuple[float, str]] = [(0, "oi")]
    for pause, text in told:
        at += pause
        script.append((at, text))
    return Bounded({"main": main, "other": other}, [*script], answers=ANSWERS, turns_per_run=turns_per_run)


@ROUNDS
@given(flows("main"), flows("other"), TOLD)
async def test_a_conversation_ends_or_waits_within_its_limits(
    main: str, other: str, told: list[tuple[float, str]]
) -> None:
    played = world(main, other, told)
    await played.play()
    assert played.state.resolution or played.shown, "it neither ended nor waits"
    assert [event.seq for event in played.events] == list(range(1, len(played.events) + 1))
    assert len(played.state.model_dump_json()) < 2 * LIMITS.state
    assert all(len(text.encode()) <= LIMITS.template_result for text in played.said)
    assert played.clock - played.events[0].at < timedelta(days=400)


@ROUNDS
@given(flows("main"), flows("other"), TOLD)
async def test_the_same_is_said_again_and_state_survives_every_turn(
    main: str, other: str, told: list[tuple[float, str]]
) -> None:
    once, again, reloaded = world(main, other, told), world(main, other, told), world(main, other, told, 1)
    for played in (once, again, reloaded):
        await played.play()
    assert again.delivered == once.delivered
    assert reloaded.said == once.said
    assert [(event.kind, event.data) for event in reloaded.events] == [
        (event.kind, event.data) for event in once.events
    ]
