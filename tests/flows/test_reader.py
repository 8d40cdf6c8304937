import pytest

from domain.errors import FlowError
from domain.limits import LIMITS
from flows.cards import cards
from flows.reader import places, read_flow

WRONG = """spec: 2
flow: Second Copy
title: 2026
fallbak: x
language: pt-BR
variables:
  document: {type: cpfcnpj, sensitiv: true}
cards:
  - id: ask
    card: ask_question
    text: Qual?
    answer: chioce
    timout: 30m
    reminders:
      - {after: 5x, txt: oi}
    exits: {invlid: x}
  - id: ask
    card: send_mesage
  - card: close
    resolution: 12
  - id: nothing
    text: oi
  - just a text
  - id: many
    card: ask_question
    text: a
    answer: choice
    attempts: tres
    options: [{label: a, go: "Não vai"}]
  - id: code
    card: ask_question
    text: a
    answer: text
    pattern: "("
"""

NAMES = "names have only a-z, 0-9 and _, and begin with a letter"
CARD_TYPES = ", ".join(cards)


def refusal(text: str) -> list[str]:
    with pytest.raises(FlowError) as caught:
        read_flow(text, "f.yaml")
    return str(caught.value).splitlines()


def test_every_mistake_is_listed_with_line_card_and_nearest_name() -> None:
    assert refusal(WRONG) == [
        "f.yaml:1: key 'spec': expected 1, found the number 2",
        f"f.yaml:2: key 'flow': 'Second Copy' is not allowed: {NAMES}",
        "f.yaml:3: key 'title': expected a text, found the number 2026; put it in quotes",
        "f.yaml:4: unknown key 'fallbak', did you mean 'fallback'?",
        "f.yaml:7: key 'variables.document.type': unknown type 'cpfcnpj', did you mean 'cpf_cnpj'?",
        "f.yaml:7: unknown key 'sensitiv' in 'variables.document', did you mean 'sensitive'?",
        "f.yaml:12: card 'ask': key 'answer': unknown answer 'chioce', did you mean 'choice'?",
        "f.yaml:13: card 'ask': unknown key 'timout', did you mean 'timeout'?",
        "f.yaml:15: card 'ask': key 'reminders.after': expected a duration such as 45s, 5m, 1h30m or 2d, found '5x'",
        "f.yaml:15: card 'ask': key 'text' in 'reminders' is missing",
        "f.yaml:15: card 'ask': unknown key 'txt' in 'reminders', did you mean 'text'?",
        "f.yaml:16: card 'ask': unknown key 'invlid' in 'exits', did you mean 'invalid'?",
        "f.yaml:17: card 'ask': another card in line 9 has the same id",
        "f.yaml:17: card 'ask': unknown card type 'send_mesage', did you mean 'send_message'?",
        "f.yaml:19: card 3 of the list: key 'id' is missing",
        "f.yaml:20: card 3 of the list: key 'resolution': expected a text, found the number 12; put it in quotes",
        f"f.yaml:21: card 'nothing': key 'card' is missing, or is not one of {CARD_TYPES}",
        "f.yaml:23: card 5 of the list: expected a card, found 'just a text'",
        "f.yaml:28: card 'many': key 'attempts': expected a whole number, found 'tres'",
        f"f.yaml:29: card 'many': key 'options.go': 'Não vai' is not allowed: {NAMES}",
        "f.yaml:30: card 'code': answer 'text' needs 'save_as'; the pattern is not readable: missing ): (",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- a", "f.yaml:1: expected a mapping with the keys 'spec', 'flow' and 'cards'"),
        ("spec: 1\nflow: a", "f.yaml:1: key 'cards' is missing"),
        ("spec: 1\nflow: a\ncards: []", "f.yaml:3: key 'cards': expected at least one, found none"),
        ("spec: 1\nflow: a\ncards: {a: b}", "f.yaml:3: key 'cards': expected a list, found a mapping (key: value)"),
        (
            "spec: 1\nflow: a\ncards: [{card: [a], id: b}]",
            "f.yaml:3: card 'b': key 'card' is missing, or is not one of",
        ),
        ("spec: 1\nflow: a\ntexts: oi\ncards: [{id: a, card: close}]", "f.yaml:3: key 'texts': expected a mapping"),
        (
            "spec: 1\nflow: a\ncards: [{id: a, card: ask_question, answer: choice, text: a, options: [sim]}]",
            "f.yaml:3: card 'a': key 'options': expected a mapping (key: value), found 'sim'; its keys are label",
        ),
        ("spec: 1\nflow: a\ntexts: {apolgy: a}\ncards: [{id: a, card: close}]", "did you mean 'apology'?"),
        ("spec: 1\nflow: a\nlanguage: tlh\ncards: [{id: a, card: close}]", "key 'apology' in 'texts' is missing"),
        ("spec: 1\nflow: a\ncards: [{id: end, card: close}]", "no card is called 'end'"),
        (
            "spec: 1\nflow: a\ncards: [{id: a, card: close, title: true}]",
            "expected a text, found true; put it in quotes",
        ),
        ("spec: 1\nflow: a\nvariables: {now: {type: text}}\ncards: [{id: a, card: close}]", "now cannot be a variable"),
        ("spec: 1\nflow: a\ncards: [{id: a, card: close}]\n" + "#" * LIMITS.flow_file, "bytes, 1048576 at most"),
    ],
)
def test_a_single_mistake_is_named(text: str, sentence: str) -> None:
    (said,) = [line for line in refusal(text) if sentence in line]
    assert said.startswith("f.yaml:")


def test_lines_are_known_for_cards_keys_and_what_is_outside_of_them() -> None:
    found = places(
        "spec: 1\nvariables:\n  a: {type: text}\ncards:\n  - id: x\n    card: close\n  - card: b\n    id: y\n"
    ).lines
    assert found["x"] == 5
    assert found["x.card"] == 6
    assert found["y"] == 7
    assert found["@variables.a"] == 3
    assert found["@variables.a.type"] == 3


@pytest.mark.parametrize(
    ("card", "comments"),
    [
        ("text: oi # tudo", {"x.text": "# tudo"}),
        ("text: Olá 👋 é isso \t#1 do Brasil  ", {"x.text": "#1 do Brasil"}),
        ("text: Promoção\n      dos dias # 12 e 13\r", {"x.text": "# 12 e 13"}),
        ("reminders: [{after: 5m, text: oi # tudo\n      }]", {"x.reminders.0.text": "# tudo"}),
        ("text: oi#tudo", {}),
        ("text: 'oi' # tudo", {}),
        ('text: "oi # tudo"', {}),
        ("text: |  # as it stands\n      oi # tudo", {}),
        ("text: oi\n    # tudo", {}),
        ("text: {a: b} # tudo", {}),
        ("text: # tudo", {}),
    ],
)
@pytest.mark.parametrize("begins", ["", "\ufeff"])
def test_a_comment_is_known_by_the_text_without_quotes_that_it_follows(
    begins: str, card: str, comments: dict[str, str]
) -> None:
    assert places(f"{begins}cards:\n  - id: x\n    {card}\n").comments == comments


@pytest.mark.parametrize(
    ("written", "remedy"), [("#1 do Brasil", "; put a text that begins with # in quotes"), ("", "")]
)
def test_a_text_that_is_a_comment_is_told_what_mends_it(written: str, remedy: str) -> None:
    card = f"  - id: a\n    text: {written}\n    card: send_message\n"
    assert refusal(f"spec: 1\nflow: a\ncards:\n{card}") == [
        f"f.yaml:5: card 'a': key 'text': expected a text, found nothing{remedy}"
    ]


def test_a_flow_of_thousands_of_cards_is_read() -> None:
    cards = "".join(f"  - {{id: c{number}, card: send_message, text: a}}\n" for number in range(5_000))
    assert len(read_flow(f"spec: 1\nflow: a\ncards:\n{cards}", "f").cards) == 5_000
