from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.errors import FlowError
from drawing import words
from drawing.chart import Chart, Line
from drawing.jumps import FAR, MANY, with_jumps
from drawing.lettering import TITLE
from drawing.reading import chart, compared
from drawing.words import LANGUAGES, Words, brief
from flows.cards import cards
from flows.cards.base import Exits
from flows.flow import Flow
from flows.reading.tree import read_tree

ASK = {"id": "ask", "card": "ask_question", "title": "Como posso ajudar?", "text": "?", "answer": "confirmation"}


def flow(*cards: dict[str, Any], **more: Any) -> Flow:
    return Flow.model_validate({"spec": 1, "flow": "f", "cards": cards, **more})


def say(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "card": "send_message", "text": f"Olá de {id_}", **more}


def ways(drawn: Chart) -> dict[str, tuple[str, ...]]:
    return {f"{line.source} -> {line.target}": line.labels for line in drawn.lines}


def marks(drawn: Chart) -> dict[str, str]:
    found = {node.id: node.mark for node in drawn.nodes}
    found |= {f"{line.source} -> {line.target}": line.mark for line in drawn.lines}
    return {name: mark for name, mark in found.items() if mark}


def test_exits_that_lead_to_the_same_card_are_one_line_with_all_their_names() -> None:
    drawn = chart(
        flow(ASK | {"exits": {"yes": "a", "no": "b", "invalid": "b", "no_answer": "end"}}, say("a"), say("b"))
    )
    assert ways(drawn) == {
        "@start -> ask": (),
        "ask -> a": ("sim",),
        "ask -> b": ("não", "resposta inválida"),
        "ask -> @end:ask": ("sem resposta",),
        "a -> b": (),
        "b -> @end:b": (),
    }


def test_each_card_has_an_end_of_its_own_and_one_that_closes_is_the_end() -> None:
    drawn = chart(flow(say("a", next="end"), say("b"), {"id": "bye", "card": "close", "resolution": "solved"}))
    assert list(ways(drawn)) == ["@start -> a", "a -> @end:a", "b -> bye"]
    assert {node.id: node.summary for node in drawn.nodes}["bye"] == "solved"


def test_an_exit_that_nobody_wrote_is_marked_and_the_fallback_has_a_beginning() -> None:
    call = {"id": "call", "card": "erp_call", "connection": "c", "operation": "o"}
    drawn = chart(flow(call, say("a"), say("sorry"), fallback="sorry"))
    assert [line.target for line in drawn.lines if line.unsaid] == ["sorry"]
    assert "@trouble -> sorry" in ways(drawn)


def test_keywords_of_the_flow_are_beginnings_too() -> None:
    drawn = chart(flow(say("a"), say("menu"), keywords={"menu": "menu", "agent": "flow:people"}))
    assert [line for line in ways(drawn) if line.startswith("@keyword")] == [
        "@keyword.menu -> menu",
        "@keyword.agent -> @people:@keyword.agent",
    ]
    titles = {node.id: node.title for node in drawn.nodes}
    assert titles["@keyword.menu"] == f"Ao dizer “{flow(say('a')).texts.menu_words[0]}”"


def test_another_flow_is_a_link_wherever_it_is_named() -> None:
    drawn = chart(flow(ASK | {"exits": {"no": "flow:other"}}, {"id": "run", "card": "run_flow", "flow": "second"}))
    assert {node.id: node.flow for node in drawn.nodes if node.flow} == {"@other:ask": "other", "run": "second"}


def test_the_line_that_closes_a_loop_turns_back_and_no_other_leads_up() -> None:
    drawn = chart(flow(say("a"), say("b"), ASK | {"exits": {"yes": "a", "no": "d"}}, say("d", next="b")))
    assert {(line.source, line.target) for line in drawn.lines if line.back} == {("ask", "a"), ("d", "b")}
    places = {node.id: place for place, node in enumerate(drawn.nodes)}
    assert all((places[line.source] < places[line.target]) != line.back for line in drawn.lines)


def test_a_target_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FlowError, match="no card 'nowere', did you mean 'nowhere'"):
        chart(flow(say("a", next="nowere"), say("nowhere")))


def test_the_words_that_are_not_the_author_s_are_in_the_language_asked_for() -> None:
    drawn = chart(flow(ASK | {"exits": {"no": "end", "no_answer": "ask"}}, say("a")), "en-GB")
    assert {label for labels in ways(drawn).values() for label in labels} >= {"no", "no answer"}
    assert list(drawn.kinds) == ["Message", "Question"]


def test_an_exit_without_words_of_ours_is_called_as_flows_spell_it() -> None:
    case = {"id": "which", "card": "condition", "when": [{"if": "1 == 2", "go": "a"}]}
    assert ways(chart(flow(case, say("b"), say("a"))))["which -> a"] == ("1 == 2",)


def test_what_differs_between_two_versions_is_marked() -> None:
    before = flow(say("a"), say("b"), say("c"), say("d"))
    after = flow(say("a"), say("new"), say("c", text="outro"), say("d"))
    assert marks(compared(before, after)) == {
        "new": "added",
        "c": "changed",
        "b": "removed",
        "a -> new": "added",
        "new -> c": "added",
        "a -> b": "removed",
        "b -> c": "removed",
    }
    assert marks(compared(after, after)) == {}


def test_in_a_large_chart_all_but_the_nearest_line_into_what_many_seek_are_jumps() -> None:
    asked = [ASK | {"id": f"ask{number}", "exits": {"invalid": "sorry"}} for number in range(MANY)]
    drawn = with_jumps(chart(flow(*asked, say("sorry"))))
    assert [line.source for line in drawn.lines if line.target == "sorry"] == [f"ask{MANY - 1}"]
    jumps = [node for node in drawn.nodes if node.card]
    assert {node.card for node in jumps} == {"sorry"}
    assert len(jumps) == MANY - 1


def test_a_long_way_back_in_a_large_chart_is_a_jump_and_a_short_one_a_line() -> None:
    cards = [say(f"c{number}") for number in range(MANY)]
    far = ASK | {"exits": {"yes": f"c{MANY - FAR - 2}", "no": f"c{MANY - 2}"}}
    drawn = with_jumps(chart(flow(*cards, far)))
    assert Line("ask", f"c{MANY - 2}", ("não",), back=True) in drawn.lines
    assert [node.card for node in drawn.nodes if node.id.startswith("@jump")] == [f"c{MANY - FAR - 2}"]


def test_a_small_chart_has_no_jumps() -> None:
    drawn = chart(
        flow(*[ASK | {"id": f"ask{number}", "exits": {"invalid": "sorry"}} for number in range(9)], say("sorry"))
    )
    assert with_jumps(drawn) is drawn


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Menu", ("Menu",)),
        ("Primeiro nome da pessoa", ("Primeiro nome da", "pessoa")),
        ("Primeiro nome da pessoa, nome inteiro da empresa", ("Primeiro nome da", "pessoa, nome int…")),
        ("Umapalavramuitocompridaquenãocabe", ("Umapalavramuit…",)),
        ("Olá 👋 você", ("Olá você",)),
        ("", ()),
    ],
)
def test_a_title_takes_the_lines_it_needs_and_no_more_than_it_may(text: str, lines: tuple[str, ...]) -> None:
    found = TITLE.wrap(text, 130, 2)
    assert found == lines
    assert all(TITLE.width(line) <= 130 for line in found)


def test_both_languages_have_the_same_words() -> None:
    written = yaml.safe_load((Path(words.__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    assert tuple(written) == LANGUAGES
    assert set(written["pt-BR"]) == set(written["en"])
    assert set(written["pt-BR"]["exits"]) == set(written["en"]["exits"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ called }}, que pena!", "{{ called }}, que pena!"),
        ("Olá{{ ', ' ~ contact.name if contact.name }}! Tudo bem?", "Olá! Tudo bem?"),
        ("{{ plan.name ~ ', ' if plan else 'Oi.' }} Como seguir?", "… Como seguir?"),
        ("Plano {{ plan.name ~ ' ' ~ plan.speed }}", "Plano …"),
        ("{{ open", "{{ open"),
    ],
)
def test_a_drawing_leaves_out_how_a_text_is_put_together(text: str, shown: str) -> None:
    assert brief(text) == shown


@pytest.mark.parametrize("name", list(cards))
def test_every_type_of_card_has_a_name_in_both_languages(name: str) -> None:
    assert set(cards[name].symbol.names) == set(LANGUAGES)
    assert Words("pt-PT").kind(name, cards[name].symbol) == cards[name].symbol.names["pt-BR"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("exits", Exits.__subclasses__(), ids=lambda exits: exits.__name__)
def test_every_exit_has_a_word_in_both_languages(exits: type[Exits], language: str) -> None:
    known = yaml.safe_load((Path(words.__file__).parent / "words.yaml").read_text(encoding="utf-8"))[language]["exits"]
    assert [name for name in exits.model_fields if name not in known] == []


@pytest.mark.parametrize(
    ("name", "summary"),
    [
        ("ask_question", "Para localizar seu cadastro, informe o CPF ou CNPJ do titular."),
        ("close", "resolved"),
        ("condition", ""),
        ("delay", "{{ invoice.due }}T09:00"),
        ("erp_call", "billing: list_open_invoices"),
        ("reference_point", "segunda_via_entregue"),
        ("run_flow", "segunda_via"),
        ("send_file", "Seu boleto, com vencimento em {{ invoice.due | date }}."),
        ("set_variable", "chosen"),
        ("tag", "+inadimplente, +segunda via, -em dia"),
    ],
)
def test_a_card_says_in_one_line_what_it_does(name: str, summary: str) -> None:
    card = cards[name].model_validate(read_tree(cards[name].example, name).plain())
    assert card.summary() == summary
