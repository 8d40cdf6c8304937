import pytest

from domain.errors import InvalidAnswerError
from flows.answers.base import Question
from flows.answers.cnpj import Cnpj
from tests.flows.fakes import inbound


@pytest.mark.parametrize(
    ("text", "compact"),
    [
        ("11444777000161", "11444777000161"),
        ("11.444.777/0001-61", "11444777000161"),
        ("11 444 777 0001 61", "11444777000161"),
        ("11.444.777.0001-61", "11444777000161"),
        ("o CNPJ é 11.444.777/0001-61, obrigado", "11444777000161"),
        ("cnpj 11444777000161 cpf 52998224725", "11444777000161"),
        ("12.ABC.345/01DE-35", "12ABC34501DE35"),
        ("12.abc.345/01de-35", "12ABC34501DE35"),
        ("12ABC34501DE35", "12ABC34501DE35"),
        ("12 ABC 345 01DE 35", "12ABC34501DE35"),
        ("12abc345/01de35", "12ABC34501DE35"),
        ("não, é 11.444.777/0001-61", "11444777000161"),
        ("12.abc.345/01de-35 kkk", "12ABC34501DE35"),
        ("12.abc.345/01de–35", "12ABC34501DE35"),
    ],
)
def test_a_cnpj_is_understood_however_it_is_written(text: str, compact: str) -> None:
    assert Cnpj().hear(inbound(text), Question()).value == compact


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("11.444.777/0001-62", "check_digits"),
        ("00.000.000/0000-00", "check_digits"),
        ("12.ABC.345/01DE-36", "not_a_document"),
        ("529.982.247-25", "not_a_document"),
        ("1144477700016", "not_a_document"),
        ("sou pessoa física", "not_a_document"),
        ("não é 12.abc.345/01de-35", "denied"),
        ("11.444.777/0001-61 não, fechou", "denied"),
    ],
)
def test_what_is_no_cnpj_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        Cnpj().hear(inbound(text), Question())
    assert str(caught.value) == reason
