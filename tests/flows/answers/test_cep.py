import pytest

from domain.errors import InvalidAnswerError
from flows.answers.base import Question
from flows.answers.cep import Cep
from tests.flows.fakes import inbound


@pytest.mark.parametrize(
    ("text", "cep"),
    [
        ("89801000", "89801000"),
        ("89801-000", "89801000"),
        ("89.801-000", "89801000"),
        ("89 801 000", "89801000"),
        ("89801 000", "89801000"),
        ("89801 - 000", "89801000"),
        ("CEP: 89801-000.", "89801000"),
        ("meu cep é 89801-000, rua A, 123", "89801000"),
        ("01310-100", "01310100"),
        ("８９８０１-０００", "89801000"),
        ("89801-000 (89801000)", "89801000"),
        ("89.801.000", "89801000"),
        ("89801.000", "89801000"),
        ("89801‑000", "89801000"),
        ("89801000 kkk", "89801000"),
        ("não, é 89801-000", "89801000"),
        ("não sei o cep mas é 01310-100", "01310100"),
        ("não moro mais lá, agora é 89801-000", "89801000"),
        ("não é 89801-000, é 89802-000", "89802000"),
        ("89801-000, não é?", "89801000"),
        ("89801-000 né", "89801000"),
    ],
)
def test_a_cep_is_understood_however_it_is_written(text: str, cep: str) -> None:
    assert Cep().hear(inbound(text), Question()).value == cep


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("8980100", "not_a_cep"),
        ("898010000", "not_a_cep"),
        ("00123-456", "not_a_cep"),
        ("rua das flores, 123", "not_a_cep"),
        ("não sei", "not_a_cep"),
        ("89801-00O", "not_a_cep"),
        ("89801-000 ou 89802-000", "ambiguous"),
        ("não é 89801-000", "denied"),
        ("89801-000 não", "denied"),
        ("n é 89801-000", "denied"),
        ("meu cep não é mais 89801-000", "denied"),
        ("não sei se é 89801-000", "denied"),
    ],
)
def test_what_is_no_cep_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        Cep().hear(inbound(text), Question())
    assert str(caught.value) == reason
