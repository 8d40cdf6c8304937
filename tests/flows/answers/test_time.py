from contextlib import suppress
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidAnswerError
from flows.answers.base import Question
from flows.answers.time import Time
from tests.flows.fakes import BOLETO, inbound


def value(text: str) -> object:
    return Time().hear(inbound(text), Question()).value


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("14:30", "14:30"),
        ("14h30", "14:30"),
        ("14h30min", "14:30"),
        ("14h", "14:00"),
        ("14 h", "14:00"),
        ("14hs", "14:00"),
        ("14 horas", "14:00"),
        ("14.30", "14:30"),
        ("1430", "14:30"),
        ("9:05", "09:05"),
        ("09:00", "09:00"),
        ("às 9", "09:00"),
        ("9", "09:00"),
        ("lá pelas nove", "09:00"),
        ("9 da manhã", "09:00"),
        ("9h da noite", "21:00"),
        ("2 da tarde", "14:00"),
        ("2:15 da tarde", "14:15"),
        ("14h da tarde", "14:00"),
        ("2pm", "14:00"),
        ("12 am", "00:00"),
        ("duas e meia da tarde", "14:30"),
        ("8 e meia", "08:30"),
        ("oito e quinze", "08:15"),
        ("dezoito e trinta", "18:30"),
        ("vinte e duas horas", "22:00"),
        ("meio-dia", "12:00"),
        ("meio dia e meia", "12:30"),
        ("Meia-noite", "00:00"),
        ("12 da noite", "00:00"),
        ("3 da madrugada", "03:00"),
        ("pode ser amanhã às 14h?", "14:00"),
        ("10h em ponto", "10:00"),
        ("１４：３０", "14:30"),
        ("00:00", "00:00"),
        ("não, 9h", "09:00"),
        ("9h não, 10h", "10:00"),
        ("às 9 não dá mas 10 dá", "10:00"),
        ("2 e meia", "02:30"),
        ("12 e 30", "12:30"),
        ("14;30", "14:30"),
        ("14h:30", "14:30"),
        ("8 rs", "08:00"),
        ("acho que às 9", "09:00"),
    ],
)
def test_a_time_is_understood_however_it_is_written(text: str, clock: str) -> None:
    assert value(text) == clock


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("de manhã", "not_a_time"),
        ("qualquer hora", "not_a_time"),
        ("agora", "not_a_time"),
        ("25:00", "not_a_time"),
        ("24h", "not_a_time"),
        ("14:75", "not_a_time"),
        ("99", "not_a_time"),
        ("10/12", "ambiguous"),
        ("daqui a 2 dias", "not_a_time"),
        ("entre 9 e 11", "ambiguous"),
        ("9h ou 10h", "ambiguous"),
        ("10h não posso", "denied"),
        ("das 9h às 11h", "ambiguous"),
        ("9, 10", "ambiguous"),
        ("⏰", "not_a_time"),
        ("não é 9h", "denied"),
        ("n é 9h", "denied"),
        ("15 pras 2", "not_a_time"),
    ],
)
def test_what_is_no_time_or_several_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        value(text)
    assert str(caught.value) == reason


@given(st.times(), st.sampled_from(["{:%H:%M}", "{:%Hh%M}", "às {:%H:%M}", "pode ser {:%H:%M}, obrigado"]))
def test_every_time_of_the_day_is_understood(clock: time, sentence: str) -> None:
    assert value(sentence.format(clock)) == f"{clock:%H:%M}"


@given(st.text("0123456789:h.-e damnhtrnoi", max_size=40))
def test_whatever_is_written_is_understood_or_refused(text: str) -> None:
    with suppress(InvalidAnswerError):
        assert time.fromisoformat(str(value(text)))


def test_a_file_is_no_time() -> None:
    with pytest.raises(InvalidAnswerError, match="file"):
        Time().hear(inbound(files=(BOLETO,)), Question())
