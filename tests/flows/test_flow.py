import re
from typing import cast

import pytest
from pydantic import ValidationError

from domain.errors import FlowError
from flows.cards import cards
from flows.flow import Flow
from flows.reader import read_flow
from flows.reading.tree import read_tree

FLOW = """
spec: 1
flow: second_copy
variables:
  document: {type: cpf_cnpj, sensitive: true}
  greeting: {type: text, default: Oi}
fallback: sorry
texts: {apology: "Desculpe, {{ contact.name }}."}
cards:
  - id: ask
    card: ask_question
    text: Qual?
    answer: cpf_cnpj
    save_as: document
    timeout: 1h30m
    exits: {no_answer: bye}
  - {id: find, card: erp_call, connection: billing, operation: find, next: bye}
  - {id: run, card: run_flow, flow: other}
  - {id: sorry, card: send_message, text: Perdão, next: "flow:survey"}
  - {id: bye, card: close}
"""


@pytest.fixture
def flow() -> Flow:
    return read_flow(FLOW, "second_copy.yaml")


@pytest.mark.parametrize(
    ("card", "exit_name", "target"),
    [
        ("ask", "answered", "find"),  # the card below
        ("ask", "no_answer", "bye"),  # written
        ("ask", "invalid", "sorry"),  # the fallback
        ("find", "done", "bye"),  # next
        ("find", "failed", "sorry"),  # `next` is not for exits of their own
        ("run", "done", "sorry"),
        ("sorry", "done", "flow:survey"),
        ("bye", "done", "end"),
    ],
)
def test_an_exit_leads_where_it_says_or_falls_through_or_back(
    flow: Flow, card: str, exit_name: str, target: str
) -> None:
    assert flow.target(flow.card(card), exit_name) == target


def test_without_fallback_an_exit_of_its_own_ends_the_flow(flow: Flow) -> None:
    alone = flow.model_copy(update={"fallback": None})
    assert alone.target(alone.card("ask"), "invalid") == "end"


def test_below_the_last_card_is_the_end() -> None:
    flow = read_flow("{spec: 1, flow: a, cards: [{id: x, card: send_message, text: a}]}", "f")
    assert flow.target(flow.first(), "done") == "end"


def test_unknown_cards_and_exits_are_errors(flow: Flow) -> None:
    with pytest.raises(FlowError, match="has no card 'asks', did you mean 'ask'"):
        flow.card("asks")
    with pytest.raises(FlowError, match="card 'ask' has no exit 'donne'"):
        flow.target(flow.card("ask"), "donne")


def test_it_knows_the_flows_it_may_play(flow: Flow) -> None:
    assert flow.called() == ("other", "survey")


def test_a_dump_loads_as_the_same_flow(flow: Flow) -> None:
    content = flow.dump()
    assert Flow.load(content) == flow
    assert Flow.load(content).dump() == content


def test_a_dump_is_compact_and_has_all_texts(flow: Flow) -> None:
    content = flow.dump()
    first = cast("list[dict[str, object]]", content["cards"])[0]
    assert first == {
        "id": "ask",
        "card": "ask_question",
        "text": "Qual?",
        "answer": "cpf_cnpj",
        "save_as": "document",
        "timeout": "1h30m",
        "exits": {"no_answer": "bye"},
    }
    texts = cast("dict[str, object]", content["texts"])
    assert texts["apology"] == "Desculpe, {{ contact.name }}."
    assert texts["thanks"]


def test_a_stored_flow_keeps_its_sentences_when_the_defaults_change(flow: Flow) -> None:
    content = flow.dump()
    cast("dict[str, object]", content["texts"])["invalid"] = "As it was said then."
    assert Flow.load(content).texts.invalid == "As it was said then."


def test_the_fingerprint_changes_with_content_and_calls_only(flow: Flow) -> None:
    calls = {"other": "a" * 64, "survey": "b" * 64}
    print_ = flow.fingerprint(calls)
    assert re.fullmatch("[0-9a-f]{64}", print_)
    assert (
        read_flow(FLOW.replace("spec: 1", "spec:   1 # one"), "x").fingerprint(dict(reversed(calls.items()))) == print_
    )
    assert read_flow(FLOW.replace("Qual?", "Qual é?"), "x").fingerprint(calls) != print_
    assert flow.fingerprint({**calls, "other": "c" * 64}) != print_


def test_every_example_of_a_card_round_trips() -> None:
    for name in cards:
        example = read_tree(cards[name].example, name).plain()
        flow = Flow.model_validate({"spec": 1, "flow": "a", "cards": [example]})
        assert flow.first().card == name
        assert Flow.load(flow.dump()) == flow


def test_a_card_cannot_claim_another_type() -> None:
    with pytest.raises(ValidationError, match="expected 'close', found 'send_message'"):
        cards["close"].model_validate({"id": "a", "card": "send_message"})


def test_two_cards_of_one_name_are_refused() -> None:
    with pytest.raises(FlowError, match="line 1 has the same id"):
        read_flow("{spec: 1, flow: a, cards: [{id: x, card: close}, {id: x, card: close}]}", "f")
    with pytest.raises(ValidationError, match="two cards are called 'x'"):
        Flow.model_validate({"spec": 1, "flow": "a", "cards": [{"id": "x", "card": "close"}] * 2})


def test_who_writes_the_refusal_writes_it_for_every_kind_of_answer() -> None:
    own = re.sub("texts:.*", "texts: {invalid: Hein?, invalid_cpf: Qual CPF?}", FLOW)
    texts = read_flow(own, "f.yaml").texts
    assert (texts.invalid, texts.invalid_money, texts.invalid_cpf) == ("Hein?", "Hein?", "Qual CPF?")
