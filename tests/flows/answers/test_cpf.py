import pytest

from domain.errors import InvalidAnswerError
from flows.answers.base import Question
from flows.answers.cpf import Cpf
from tests.flows.fakes import BOLETO, inbound


@pytest.mark.parametrize(
    "text",
    [
        "52998224725",
        "529.982.247-25",
        "529 982 247 25",
        "529982247/25",
        "CPF: 529.982.247-25.",
        "meu cpf é 52998224725, obrigada",
        "é 529.982.247-25 e o cnpj da firma 11.444.777/0001-61",
        "5 2 9 9 8 2 2 4 7 2 5",
        "５２９.９８２.２４７-２５",
        "não, o certo é 529.982.247-25",
        "529.982.247-25 rsrs",
    ],
)
def test_a_cpf_is_understood_however_it_is_written(text: str) -> None:
    assert Cpf().hear(inbound(text), Question()).value == "52998224725"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("529.982.247-24", "check_digits"),
        ("111.111.111-11", "check_digits"),
        ("11.444.777/0001-61", "not_a_document"),
        ("12.ABC.345/01DE-35", "not_a_document"),
        ("529982247", "not_a_document"),
        ("não tenho", "not_a_document"),
        ("529.982.247-25 ou 123.456.789-09", "ambiguous"),
        ("não é 529.982.247-25", "denied"),
        ("esse 529.982.247-25 não é mais meu", "denied"),
    ],
)
def test_what_is_no_cpf_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        Cpf().hear(inbound(text), Question())
    assert str(caught.value) == reason


def test_a_photo_of_the_card_is_no_cpf() -> None:
    with pytest.raises(InvalidAnswerError, match="file"):
        Cpf().understand(inbound(files=(BOLETO,)), Question())
