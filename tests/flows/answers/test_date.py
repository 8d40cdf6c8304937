from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidAnswerError
from flows.answers.base import Question
from flows.answers.date import Date
from flows.expressions.filters import iso_date
from tests.flows.fakes import BOLETO, inbound

TODAY = Question(today=date(2026, 11, 21))
"""A Saturday."""


def value(text: str, question: Question = TODAY) -> object:
    return Date().hear(inbound(text), question).value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("10/12", "2026-12-10"),
        ("10/12/2026", "2026-12-10"),
        ("10/12/26", "2026-12-10"),
        ("10-12-2026", "2026-12-10"),
        ("10.12.2026", "2026-12-10"),
        ("10 12 2026", "2026-12-10"),
        ("10122026", "2026-12-10"),
        ("2026-12-10", "2026-12-10"),
        ("1/2", "2027-02-01"),
        ("20/11", "2027-11-20"),
        ("21/11", "2026-11-21"),
        ("29/02", "2028-02-29"),
        ("10/12/85", "1985-12-10"),
        ("nasci em 05/03/1961", "1961-03-05"),
        ("10 de dezembro", "2026-12-10"),
        ("10 de Dezembro de 2027", "2027-12-10"),
        ("10 dez", "2026-12-10"),
        ("10/dez/2026", "2026-12-10"),
        ("dez 10", "2026-12-10"),
        ("dezembro 10, 2027", "2027-12-10"),
        ("1º de maio", "2027-05-01"),
        ("primeiro de maio", "2027-05-01"),
        ("dia 10/12 às 14h", "2026-12-10"),
        ("10/12 14:30", "2026-12-10"),
        ("sexta, 11/12", "2026-12-11"),
        ("hoje", "2026-11-21"),
        ("Amanhã!", "2026-11-22"),
        ("amanha de manhã", "2026-11-22"),
        ("pode ser amanhã?", "2026-11-22"),
        ("depois de amanhã", "2026-11-23"),
        ("ontem", "2026-11-20"),
        ("sexta", "2026-11-27"),
        ("sexta-feira", "2026-11-27"),
        ("na próxima sexta", "2026-11-27"),
        ("segunda que vem", "2026-11-23"),
        ("sábado", "2026-11-28"),
        ("ter", "2026-11-24"),
        ("dia 5", "2026-12-05"),
        ("dia 21", "2026-11-21"),
        ("dia 31", "2026-12-31"),
        ("todo dia 5 não, só 10/12", "2026-12-10"),
        ("daqui a 3 dias", "2026-11-24"),
        ("em duas semanas", "2026-12-05"),
        ("daqui a um mês", "2026-12-21"),
        ("10/12 (10 de dezembro)", "2026-12-10"),
        ("１０/１２", "2026-12-10"),
        ("não, 10/12", "2026-12-10"),
        ("não é 10/12, é 11/12", "2026-12-11"),
        ("dia 10 não, dia 12", "2026-12-12"),
        ("hoje não, amanhã", "2026-11-22"),
        ("amanhã não posso mas sexta dá", "2026-11-27"),
        ("hj", "2026-11-21"),
        ("amnh cedo", "2026-11-22"),
        ("amanhã kkk", "2026-11-22"),
        ("amanhã às 9", "2026-11-22"),
        ("sexta 14h30", "2026-11-27"),
        ("dia dez", "2026-12-10"),
        ("dez de dez", "2026-12-10"),
        ("vinte e cinco de dezembro", "2026-12-25"),
        ("dez de março de mil novecentos e oitenta e cinco", "1985-03-10"),
        ("10 de março de dois mil e um", "2001-03-10"),
        ("dia 10 do 12", "2026-12-10"),
        ("10 do 3 de 85", "1985-03-10"),
        ("2ª feira", "2026-11-23"),
        ("5a feira", "2026-11-26"),
        ("dia 25 do mês que vem", "2026-12-25"),
        ("dia 10 desse mês", "2026-11-10"),
        ("10/12 né", "2026-12-10"),
    ],
)
def test_a_date_is_understood_however_it_is_written(text: str, day: str) -> None:
    assert value(text) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("não sei", "not_a_date"),
        ("31/02", "not_a_date"),
        ("30/02/2027", "not_a_date"),
        ("12/25/2026", "not_a_date"),
        ("00/12", "not_a_date"),
        ("10/13", "not_a_date"),
        ("10/12/202", "not_a_date"),
        ("10/12/1826", "not_a_date"),
        ("quero a segunda via", "not_a_date"),
        ("hoje não", "not_a_date"),
        ("amanhã não posso", "not_a_date"),
        ("dia 32", "not_a_date"),
        ("5", "not_a_date"),
        ("semana que vem", "not_a_date"),
        ("14:30", "not_a_date"),
        ("529.982.247-25", "not_a_date"),
        ("10/12 ou 11/12", "ambiguous"),
        ("hoje, amanhã", "ambiguous"),
        ("📅", "not_a_date"),
        ("10/12 não", "denied"),
        ("não é 10/12", "denied"),
        ("n é 10/12", "denied"),
        ("10/12 não dá", "denied"),
        ("nem 10/12 nem 11/12", "ambiguous"),
        ("nunca em 10/12", "denied"),
        ("hoje não amanhã", "not_a_date"),
        ("2 de 3 pessoas", "not_a_date"),
        ("trinta e dois de maio", "not_a_date"),
    ],
)
def test_what_is_no_date_or_several_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        value(text)
    assert str(caught.value) == reason


def test_a_month_without_that_day_is_left_out() -> None:
    assert value("dia 31", Question(today=date(2027, 2, 1))) == "2027-03-31"
    assert value("daqui a um mês", Question(today=date(2027, 1, 31))) == "2027-02-28"


def test_on_a_friday_friday_is_the_next_one() -> None:
    assert value("sexta", Question(today=date(2026, 11, 27))) == "2026-12-04"


def test_at_the_end_of_the_year_the_next_one_is_meant() -> None:
    question = Question(today=date(2026, 12, 31))
    assert value("amanhã", question) == "2027-01-01"
    assert value("dia 5", question) == "2027-01-05"
    assert value("31/12", question) == "2026-12-31"


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)), st.sampled_from(["date", "long"]))
def test_what_the_bot_shows_is_understood_as_the_same(day: date, style: str) -> None:
    assert value(iso_date(day, style)) == day.isoformat()


@given(st.text("0123456789/.-: dehojamzsxt", max_size=40))
def test_whatever_is_written_is_understood_or_refused(text: str) -> None:
    with suppress(InvalidAnswerError):
        assert date.fromisoformat(str(value(text)))


def test_a_file_is_no_date() -> None:
    with pytest.raises(InvalidAnswerError, match="file"):
        Date().understand(inbound(files=(BOLETO,)), TODAY)
