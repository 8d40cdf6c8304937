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
    ],
)
def test_a_cep_is_understood_however_it_is_written(text: str, cep: str) -> None:
    assert Cep().understand(inbound(text), Question()).value == cep


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
    ],
)
def test_what_is_no_cep_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        Cep().understand(inbound(text), Question())
    assert str(caught.value) == reason
