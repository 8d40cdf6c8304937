"""Dates that lie behind or ahead, and numbers within bounds."""

from datetime import date
from decimal import Decimal

import pytest

from domain.errors import InvalidAnswerError
from flows.answers.base import Question, answers
from tests.flows.fakes import inbound

PAST = Question(today=date(2026, 11, 30), past=True)
FUTURE = Question(today=date(2026, 11, 30), future=True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15/03/45", "1945-03-15"),
        ("15/03/26", "2026-03-15"),
        ("15/03/27", "1927-03-15"),
        ("10/05", "2026-05-10"),
        ("10/12", "2025-12-10"),
        ("30/11", "2026-11-30"),
        ("29/02", "2024-02-29"),
        ("10 de maio", "2026-05-10"),
        ("ontem", "2026-11-29"),
    ],
)
def test_a_date_behind_is_the_last_such_day(text: str, day: str) -> None:
    assert answers["date"]().hear(inbound(text), PAST).value == day


@pytest.mark.parametrize(
    ("text", "question"),
    [("10/12/2026", PAST), ("amanhã", PAST), ("10/05/2026", FUTURE), ("ontem", FUTURE), ("10/05 passado", FUTURE)],
)
def test_a_date_on_the_wrong_side_of_today_is_asked_for_again(text: str, question: Question) -> None:
    with pytest.raises(InvalidAnswerError, match="out_of_range"):
        answers["date"]().hear(inbound(text), question)


@pytest.mark.parametrize("kind", ["number", "money"])
def test_numbers_beyond_the_bounds_are_asked_for_again(kind: str) -> None:
    question = Question(least=Decimal(10), most=Decimal(50))
    taken = [answers[kind]().hear(inbound(text), question).value for text in ("10", "cinquenta")]
    assert [Decimal(str(value)) for value in taken] == [10, 50]
    for text in ("9", "51", "mil"):
        with pytest.raises(InvalidAnswerError, match="out_of_range"):
            answers[kind]().hear(inbound(text), question)
