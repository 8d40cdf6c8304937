"""Words and signs beside a value that change what it means: it is taken so, or asked for again, never taken wrongly."""

from datetime import UTC, date, datetime

import pytest

from domain.errors import InvalidAnswerError
from domain.message import Inbound
from flows.answers.base import Question, answers
from flows.parts.question import Choice

MONDAY = date(2026, 11, 30)


def heard(kind: str, text: str, *labels: str) -> object:
    """Return the value of *text*; the reason in brackets when it is asked for again."""
    choices = tuple(Choice(id=label, label=label, value=label) for label in labels)
    message = Inbound(message_id="m", at=datetime(2026, 11, 30, 12, tzinfo=UTC), text=text)
    try:
        return answers[kind]().hear(message, Question(today=MONDAY, choices=choices)).value
    except InvalidAnswerError as error:
        return [str(error)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("10/12 do ano passado", "2025-12-10"),
        ("10 de dezembro do ano passado", "2025-12-10"),
        ("10/12 de ano passado", "2025-12-10"),
        ("10/01 do ano que vem", "2027-01-10"),
        ("10 de dezembro do próximo ano", "2027-12-10"),
        ("10/05 passado", "2026-05-10"),
        ("10/12 passado", "2025-12-10"),
        ("10 de maio passado", "2026-05-10"),
        ("10 ou 11/12", ["ambiguous"]),
        ("10 e 11/12", ["ambiguous"]),
        ("10 a 12/12", ["ambiguous"]),
        ("entre 10 e 12/12", ["ambiguous"]),
        ("de 10 até 12 de dezembro", ["ambiguous"]),
        ("10-12/12", ["ambiguous"]),
        ("10 - 12/12", ["ambiguous"]),
        ("10/11-12", ["not_a_date"]),
        ("terça, 25/12", ["ambiguous"]),
        ("25/12, uma terça", ["ambiguous"]),
        ("25/12 (sexta)", "2026-12-25"),
        ("sexta-feira, dia 25/12", "2026-12-25"),
        ("segunda via do dia 25/12", "2026-12-25"),
        ("menos 10/12", ["denied"]),
        ("exceto 10/12", ["denied"]),
        ("qualquer dia, menos 10/12", ["denied"]),
    ],
)
def test_dates(text: str, day: object) -> None:
    assert heard("date", text) == day


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("entre 8h e 12h", ["ambiguous"]),
        ("das 8h às 12h", ["ambiguous"]),
        ("das 8 às 12", ["ambiguous"]),
        ("de 8 a 12h", ["ambiguous"]),
        ("8-18h", ["ambiguous"]),
        ("8h – 18h", ["ambiguous"]),
        ("8h ou 9h", ["ambiguous"]),
        ("daqui a 2 horas", ["not_a_time"]),
        ("em 2 horas", ["not_a_time"]),
        ("há 2 horas", ["not_a_time"]),
        ("9h5", "09:05"),
        ("às 9h5", "09:05"),
        ("9h05", "09:05"),
        ("exceto 10h", ["denied"]),
        ("menos às 10h", ["denied"]),
        ("dia 10 às 14h", "14:00"),
        ("10/12 às 14h", "14:00"),
        ("9h 5 pessoas", "09:00"),
    ],
)
def test_times(text: str, time: object) -> None:
    assert heard("time", text) == time


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("R$ 1,000", ["not_an_amount"]),
        ("1,500 reais", ["not_an_amount"]),
        ("R$ 1.000", "1000.00"),
        ("1.234,560", ["not_an_amount"]),
        ("50 dólares", ["not_an_amount"]),
        ("US$ 50", ["not_an_amount"]),
        ("50 euros", ["not_an_amount"]),
        ("€ 50", ["not_an_amount"]),
        ("50 usd", ["not_an_amount"]),
        ("$ 50", "50.00"),
        ("59 reais com noventa", "59.90"),
        ("59 reais e noventa", "59.90"),
        ("59 com noventa", ["ambiguous"]),
        ("pago 50 hoje e 50 depois", ["ambiguous"]),
        ("50 + 50", ["ambiguous"]),
        ("R$ 50,00 (cinquenta reais)", "50.00"),
    ],
)
def test_amounts(text: str, amount: object) -> None:
    assert heard("money", text) == amount


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2 adultos e 2 crianças", ["ambiguous"]),
        ("2 e mais 2", ["ambiguous"]),
        ("são 2, 2 mesmo", 2),
        ("80 m²", 80),
        ("80m²", 80),
        ("80 m2", 80),
        ("3 m³", 3),
        ("–5", -5),
        ("−5", -5),
        ("-5", -5),
        ("2–3", ["ambiguous"]),
    ],
)
def test_numbers(text: str, number: object) -> None:
    assert heard("number", text) == number


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("phone", "49 99999-000", ["not_a_phone"]),
        ("phone", "49 9999-0001", "+5549999990001"),
        ("phone", "49 99999-0001", "+5549999990001"),
        ("phone", "\u202a+55 49 99999-0001\u202c", "+5549999990001"),
        ("email", "\u202aana@gmail.com\u202c", "ana@gmail.com"),
        ("email", "a\u200bna@gmail.com", "ana@gmail.com"),
        ("email", "http://ana@gmail.com", "ana@gmail.com"),
        ("email", "mailto:ana@gmail.com", "ana@gmail.com"),
        ("email", "ana@yahoo.com.b", ["not_an_email"]),
        ("email", "é ana@yahoo.com.", "ana@yahoo.com"),
        ("email", "ana@yahoo.com.br", "ana@yahoo.com.br"),
        ("cpf", "529,982,247-25", "52998224725"),
        ("cpf", "\u200e529.982.247-25", "52998224725"),
        ("text", "\u200b", ["empty"]),
        ("text", "\u2800", ["empty"]),
        ("text", "\u3164 \u00ad", ["empty"]),
        ("text", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_what_cannot_be_seen_and_what_a_finger_leaves_out(kind: str, text: str, value: object) -> None:
    assert heard(kind, text) == value


@pytest.mark.parametrize(
    ("labels", "text", "value"),
    [
        (("3 dias", "2 dias", "1 dia"), "3", ["ambiguous"]),
        (("2 cabos", "1 cabo"), "1", ["ambiguous"]),
        (("1 cabo", "2 cabos"), "1", "1 cabo"),
        (("0", "1", "2", "3"), "um", "1"),
        (("0", "1", "2", "3"), "2", "2"),
        (("0", "1", "2", "3"), "0", "0"),
        (("8h", "9h", "10h", "1 da tarde"), "1", ["ambiguous"]),
        (("8h", "9h", "10h"), "9", "9h"),
        (("50 Mega", "100 Mega", "300 Mega"), "o de 100", "100 Mega"),
        (("50 Mega", "100 Mega", "300 Mega"), "100", "100 Mega"),
        (("50 Mega", "100 Mega", "300 Mega"), "2", "100 Mega"),
        (("50 Mega", "100 Mega", "300 Mega"), "500", ["no_such_option"]),
        (("Plano A", "Plano A+"), "Plano A+", "Plano A+"),
        (("Plano A", "Plano A+"), "Plano A", "Plano A"),
        (("😀", "😐", "😞"), "😞", "😞"),
        (("😀", "😐", "😞"), " 😀 ", "😀"),
    ],
)
def test_options(labels: tuple[str, ...], text: str, value: object) -> None:
    assert heard("choice", text, *labels) == value
