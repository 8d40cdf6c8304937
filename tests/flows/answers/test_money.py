import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidAnswerError
from flows.answers.base import Question
from flows.answers.money import Money
from flows.expressions.filters import money
from tests.flows.fakes import inbound


def value(text: str) -> object:
    return Money().hear(inbound(text), Question()).value


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234,56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("R$ 50", "50.00"),
        ("R$50,00", "50.00"),
        ("r$ 1.500", "1500.00"),
        ("50 reais", "50.00"),
        ("50reais", "50.00"),
        ("Rs 89,90", "89.90"),
        ("89,9", "89.90"),
        ("R$ 89,90.", "89.90"),
        ("0,50", "0.50"),
        ("50 centavos", "0.50"),
        ("10 reais e 50 centavos", "10.50"),
        ("dez reais e cinquenta centavos", "10.50"),
        ("10 e 50 centavos", "10.50"),
        ("mil e duzentos", "1200.00"),
        ("duzentos e cinquenta reais", "250.00"),
        ("mil duzentos e trinta e quatro reais e cinco centavos", "1234.05"),
        ("um real", "1.00"),
        ("2 mil", "2000.00"),
        ("1,5 mil", "1500.00"),
        ("2 mil e 500", "2500.00"),
        ("posso pagar até 200 por mês", "200.00"),
        ("quero um desconto de 50 reais", "50.00"),
        ("dou cem reais", "100.00"),
        ("uns 300 conto", "300.00"),
        ("pago 200 de uma vez", "200.00"),
        ("não, 200", "200.00"),
        ("duzentos reais, não mais", "200.00"),
        ("0", "0.00"),
        ("R$ 50, cinquenta reais", "50.00"),
        ("não é 50, é 60", "60.00"),
        ("50 não, 60", "60.00"),
        ("dez reais e cinquenta", "10.50"),
        ("50 reais e 90", "50.90"),
        ("duzentos reais e cinquenta, acho", "200.50"),
        ("cem rs kkk", "100.00"),
        ("R$ 1.234", "1234.00"),
        ("1234,5", "1234.50"),
        ("50 né", "50.00"),
    ],
)
def test_amounts_are_written_in_many_ways(text: str, amount: str) -> None:
    assert value(text) == amount


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("depende", "not_an_amount"),
        ("tudo", "not_an_amount"),
        ("R$", "not_an_amount"),
        ("quero um desconto", "not_an_amount"),
        ("12,345", "not_an_amount"),
        ("-50", "not_an_amount"),
        ("R$ -50", "not_an_amount"),
        ("50 ou 60", "ambiguous"),
        ("200 não consigo", "denied"),
        ("não posso pagar 200", "denied"),
        ("10%", "not_an_amount"),
        ("3x", "not_an_amount"),
        ("três vezes", "not_an_amount"),
        ("dia 10", "not_an_amount"),
        ("de 100 a 200 reais", "ambiguous"),
        ("vinte e cinquenta", "ambiguous"),
        ("3x de 50", "ambiguous"),
        ("10/12", "ambiguous"),
        ("34191790010104351004791020150008291070026000", "not_an_amount"),
        ("💰", "not_an_amount"),
        ("n é 50", "denied"),
        ("nem 200 nem nada", "denied"),
        ("50 e cinquenta", "ambiguous"),
        ("cinquenta e cinquenta", "ambiguous"),
    ],
)
def test_what_is_no_amount_or_several_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        value(text)
    assert str(caught.value) == reason


@given(st.decimals(0, 9_999_999, places=2))
def test_an_amount_that_the_bot_writes_is_understood_as_the_same(amount: object) -> None:
    assert value(money(str(amount))) == str(amount)
