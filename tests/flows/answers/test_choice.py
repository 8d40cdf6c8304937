from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidAnswerError
from domain.message import Inbound
from flows.answers.choice import OneOfSeveral
from flows.parts.question import Choice, Question
from tests.flows.fakes import BOLETO, inbound

MENU = Question(
    choices=(
        Choice(id="segunda_via", label="Segunda via", value="segunda_via", synonyms=("2ª via", "boleto")),
        Choice(id="2", label="Falar sobre outro assunto", value="other"),
        Choice(id="sair", label="Não, encerrar 👋", value=None, synonyms=("sair",)),
    )
)
INVOICES = Question(
    choices=(
        Choice(id="1", label="Vence 10/12/2026 · R$ 99,90", value={"number": "7841"}, synonyms=("7841",)),
        Choice(id="2", label="Vence 10/12/2026 · R$ 99,90", value={"number": "7842"}, synonyms=("7842",)),
    )
)


def understood(message: Inbound, question: Question = MENU) -> str | None:
    return OneOfSeveral().hear(message, question).choice


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("1", "segunda_via"),
        ("1.", "segunda_via"),
        ("1)", "segunda_via"),
        ("01", "segunda_via"),
        (" 2 ", "2"),
        ("2️⃣", "2"),
        ("opção 2", "2"),
        ("OPCAO 2!", "2"),
        ("a opção 2, por favor", "2"),
        ("número 3", "sair"),
        ("nº 3", "sair"),
        ("quero a 3", "sair"),
        ("2ª opção", "2"),
        ("dois", "2"),
        ("três", "sair"),
        ("Segunda via", "segunda_via"),
        ("segunda via", "segunda_via"),
        ("SEGUNDA VIA", "segunda_via"),
        ("Segunda via, por favor 🙏", "segunda_via"),
        ("quero a segunda via", "segunda_via"),
        ("oi, bom dia, queria a segunda via por gentileza", "segunda_via"),
        ("1. Segunda via", "segunda_via"),
        ("1 - segunda via", "segunda_via"),
        ("2a via", "segunda_via"),
        ("2ª VIA", "segunda_via"),
        ("Boleto", "segunda_via"),
        ("nao encerrar", "sair"),
        ("Não, encerrar", "sair"),
        ("sair", "sair"),
        ("falar sobre outro assunto", "2"),
        ("bom dia, 2", "2"),
        ("2, boa tarde", "2"),
        ("nº 2", "2"),
        ("n° 2", "2"),
        ("2 pra mim", "2"),
        ("um", "segunda_via"),
        ("o dois", "2"),
        ("opção dois", "2"),
        ("número um", "segunda_via"),
        ("quero o um", "segunda_via"),
        ("a primeira", "segunda_via"),
        ("pode ser a primeira, por favor", "segunda_via"),
        ("o segundo", "2"),
        ("terceira opção", "sair"),
        ("o último", "sair"),
        ("bom dia, a última", "sair"),
        ("2 kkk", "2"),
        ("boleto rsrs", "segunda_via"),
        ("acho que 2", "2"),
        ("acho que é a 2", "2"),
        ("2 eu acho", "2"),
        ("2 né", "2"),
        ("a última haha", "sair"),
    ],
)
def test_people_choose_in_many_ways(text: str, chosen: str) -> None:
    assert understood(inbound(text)) == chosen


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0", "no_such_option"),
        ("4", "no_such_option"),
        ("99999999999999999999", "no_such_option"),
        ("-1", None),
        ("segunda", "no_such_option"),
        ("2. Segunda via", "no_such_option"),
        ("1 e 2", "no_such_option"),
        ("os dois", "ambiguous"),
        ("as duas", "ambiguous"),
        ("quero os 2", "ambiguous"),
        ("um e dois", "ambiguous"),
        ("2 e um", "ambiguous"),
        ("duas", "ambiguous"),
        ("uma", "ambiguous"),
        ("ambos", "no_such_option"),
        ("todos", "no_such_option"),
        ("nenhum dos dois", "no_such_option"),
        ("não quero a 2", "no_such_option"),
        ("2 não", "no_such_option"),
        ("2 n", "ambiguous"),
        ("2 no", "ambiguous"),
        ("dia 2", "ambiguous"),
        ("2 da tarde", "ambiguous"),
        ("às 2", "ambiguous"),
        ("opção 10", "no_such_option"),
        ("a quarta opção", "no_such_option"),
        ("a segunda", "no_such_option"),
        ("segunda opção", "no_such_option"),
        ("primeiro, bom dia", "no_such_option"),
        ("por último", "no_such_option"),
        ("a primeira e a última", "no_such_option"),
        ("o um e dois", "ambiguous"),
        ("não quero segunda via", "no_such_option"),
        ("por favor", "no_such_option"),
        ("?", "no_such_option"),
        ("👍", "no_such_option"),
        ("", "empty"),
        ("   ", "empty"),
        ("nenhum dos 2", "no_such_option"),
        ("nem 1 nem 2", "no_such_option"),
        ("nem o 1 nem o 2", "no_such_option"),
        ("nenhuma das 3", "no_such_option"),
        ("n é a 2", "no_such_option"),
        ("n quero a 2", "no_such_option"),
        ("2 ou 3", "no_such_option"),
        ("kkk", "no_such_option"),
    ],
)
def test_what_is_no_option_is_refused_with_a_reason(text: str, reason: str | None) -> None:
    if reason is None:
        assert understood(inbound(text)) == "segunda_via"  # a dash before a number is a list's, not a sign
        return
    with pytest.raises(InvalidAnswerError) as caught:
        understood(inbound(text))
    assert str(caught.value) == reason


def test_an_option_that_is_called_so_comes_before_doubts() -> None:
    both = Question(choices=tuple(Choice(id=n, label=n, value=n) for n in ("Internet", "TV", "Os dois", "Segunda")))
    assert understood(inbound("os dois"), both) == "Os dois"
    assert understood(inbound("segunda"), both) == "Segunda"
    assert understood(inbound("a primeira"), both) == "Internet"


def test_a_day_of_the_week_is_a_place_only_as_an_option() -> None:
    days = Question(choices=tuple(Choice(id=n, label=n, value=n) for n in ("10/12", "11/12", "12/12", "13/12")))
    assert understood(inbound("quarta opção"), days) == "13/12"
    with pytest.raises(InvalidAnswerError):
        understood(inbound("quarta"), days)


def test_the_value_is_what_the_option_holds() -> None:
    assert OneOfSeveral().hear(inbound("2"), INVOICES).value == {"number": "7842"}


def test_a_tapped_option_is_taken_by_its_id() -> None:
    assert understood(inbound("Segunda via", choice="segunda_via")) == "segunda_via"
    assert understood(inbound("", choice="2")) == "2"
    assert understood(inbound("sair", choice="sair")) == "sair"


def test_of_two_options_with_one_label_the_tapped_one_is_meant() -> None:
    assert understood(inbound("Vence 10/12/2026 · R$ 99,90", choice="2"), INVOICES) == "2"


def test_a_button_of_an_older_question_does_not_choose_by_its_id() -> None:
    with pytest.raises(InvalidAnswerError, match="no_such_option"):
        understood(inbound("Vence 10/11/2026 · R$ 80,00", choice="1"), INVOICES)


def test_a_label_that_two_options_share_is_ambiguous_when_written() -> None:
    with pytest.raises(InvalidAnswerError, match="ambiguous"):
        understood(inbound("vence 10/12/2026 r$ 99,90"), INVOICES)


def test_a_synonym_tells_equal_labels_apart() -> None:
    assert understood(inbound("7842"), INVOICES) == "2"


def test_a_label_that_is_a_number_comes_before_the_place() -> None:
    people = Question(choices=tuple(Choice(id=n, label=n, value=n) for n in ("2", "1", "3")))
    assert understood(inbound("1"), people) == "1"


def test_a_file_is_no_choice_unless_its_caption_is() -> None:
    assert understood(inbound("2", files=(BOLETO,))) == "2"
    with pytest.raises(InvalidAnswerError, match="file"):
        understood(inbound(files=(BOLETO,)))


def test_a_message_that_was_cut_off_is_too_long() -> None:
    with pytest.raises(InvalidAnswerError, match="too_long"):
        understood(inbound("segunda via", truncated=True))


def _shouted(label: str) -> str:
    return f"  *{label.upper()}*!!! 👋"


@given(
    place=st.integers(min_value=0, max_value=2),
    dressed=st.sampled_from([str, str.upper, str.lower, str.title, _shouted]),
)
def test_every_label_chooses_its_option_however_it_is_dressed(place: int, dressed: Callable[[str], str]) -> None:
    choice = MENU.choices[place]
    assert understood(inbound(dressed(choice.label))) == choice.id


@given(st.text(max_size=200))
def test_any_text_is_an_option_or_refused(text: str) -> None:
    try:
        assert understood(inbound(text)) in {choice.id for choice in MENU.choices}
    except InvalidAnswerError as error:
        assert str(error) in {"no_such_option", "empty", "ambiguous"}  # noqa: PT017 - either outcome is right
