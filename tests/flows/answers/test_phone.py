import pytest

from domain.errors import InvalidAnswerError
from flows.answers.base import Question
from flows.answers.phone import Phone
from flows.expressions.filters import phone
from tests.flows.fakes import inbound

MOBILE = "+5549999990001"
LANDLINE = "+554933221100"


def value(text: str) -> object:
    return Phone().hear(inbound(text), Question()).value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("49999990001", MOBILE),
        ("(49) 99999-0001", MOBILE),
        ("(49)999990001", MOBILE),
        ("49 9 9999-0001", MOBILE),
        ("49 9.9999.0001", MOBILE),
        ("049 99999-0001", MOBILE),
        ("0 15 49 99999-0001", MOBILE),
        ("+55 49 99999-0001", MOBILE),
        ("5549999990001", MOBILE),
        ("+55 (49) 99999-0001", MOBILE),
        ("49 9999-0001", MOBILE),
        ("+55 49 9999-0001", MOBILE),
        ("554999990001", MOBILE),
        ("meu zap é 49 99999-0001, pode chamar", MOBILE),
        ("49 99999-0001 (49999990001)", MOBILE),
        ("４９９９９９９０００１", MOBILE),
        ("49 3322-1100", LANDLINE),
        ("(49) 3322.1100", LANDLINE),
        ("+554933221100", LANDLINE),
        ("55 99999-0001", "+5555999990001"),
        ("55 3322 1100", "+555533221100"),
        ("+1 415 555 2671", "+14155552671"),
        ("+351 912 345 678", "+351912345678"),
        ("não, é 49 99999-0001", MOBILE),
        ("não tenho outro, é 49 99999-0001", MOBILE),
        ("não sei o fixo mas o zap é 49 99999-0001", MOBILE),
        ("não é 49 99999-0002, é 49 99999-0001", MOBILE),
        ("49 99999-0001 né", MOBILE),
        ("(0xx49) 99999-0001", MOBILE),
        ("0xx4999990001", MOBILE),
        ("49 99999‑0001", MOBILE),
        ("+55(49)99999-0001", MOBILE),
        ("49 99999-0001kkk", MOBILE),
    ],
)
def test_a_number_is_understood_however_it_is_written(text: str, number: str) -> None:
    assert value(text) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("99999-0001", "area_code"),
        ("9999-0001", "area_code"),
        ("3322 1100", "area_code"),
        ("é esse mesmo", "not_a_phone"),
        ("499999000", "area_code"),
        ("4989990001222", "not_a_phone"),
        ("499999900012", "not_a_phone"),
        ("20 99999-0001", "not_a_phone"),
        ("49 89999-0001", "not_a_phone"),
        ("99999999999", "not_a_phone"),
        ("0800 123 4567", "not_a_phone"),
        ("190", "not_a_phone"),
        ("529.982.247-25", "not_a_phone"),
        ("+55 99999-0001", "not_a_phone"),
        ("49 99999-0001 ou 49 99999-0002", "ambiguous"),
        ("49 99999-0001 / 49 3322-1100", "ambiguous"),
        ("não é 49 99999-0001", "denied"),
        ("49 99999-0001 não", "denied"),
        ("n é mais 49 99999-0001", "denied"),
        ("não uso mais o 49 99999-0001", "denied"),
        ("não sei se é 49 99999-0001", "denied"),
        ("49 99999-000l", "not_a_phone"),
        ("0049 99999 0001", "not_a_phone"),
    ],
)
def test_what_is_no_number_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        value(text)
    assert str(caught.value) == reason


@pytest.mark.parametrize("number", [MOBILE, LANDLINE])
def test_what_the_bot_shows_is_understood_as_the_same(number: str) -> None:
    assert value(phone(number)) == number
