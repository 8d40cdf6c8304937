import pytest

from domain.errors import InvalidAnswerError
from flows.answers.base import Question
from flows.answers.number import Number
from tests.flows.fakes import BOLETO, inbound


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("0", 0),
        (" 12. ", 12),
        ("-3", -3),
        ("1.234", 1234),
        ("1.234,5", 1234.5),
        ("1.234.567", 1_234_567),
        ("2,5", 2.5),
        ("12.50", 12.5),
        ("1,234.5", 1234.5),
        ("２５", 25),
        ("5%", 5),
        ("2x", 2),
        ("3º", 3),
        ("moro aqui há 5 anos", 5),
        ("somos 4 pessoas", 4),
        ("quero um plano de 300 mega", 300),
        ("uns 3, acho", 3),
        ("2 mil", 2000),
        ("1,5 mil", 1500),
        ("10k", 10_000),
        ("5, cinco", 5),
        ("três", 3),
        ("Nenhum", 0),
        ("vinte e dois", 22),
        ("duas pessoas", 2),
        ("mil e duzentos", 1200),
        ("cento e vinte e três mil quatrocentos e cinquenta e seis", 123_456),
        ("um milhão e meio mil", None),
        ("dois milhões e trezentos mil", 2_300_000),
        ("acho que são dezenove", 19),
        ("não, 2", 2),
        ("não sei acho que 2", 2),
        ("2, não é?", 2),
        ("3, e nenhum pet", 3),
        ("não são 4, são 5", 5),
        ("2 não, somos três", 3),
        ("3 kkk", 3),
        ("tres rs", 3),
        ("dois né", 2),
        ("2 não é?", 2),
        ("2️⃣", 2),
        ("msm 3", 3),
    ],
)
def test_numbers_are_written_in_many_ways(text: str, number: float | None) -> None:
    if number is None:
        with pytest.raises(InvalidAnswerError):
            Number().hear(inbound(text), Question())
    else:
        assert Number().hear(inbound(text), Question()).value == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("não sei", "not_a_number"),
        ("quero um plano", "not_a_number"),
        ("dois irmãos", "not_a_number"),
        ("dez mil coisas", "not_a_number"),
        ("4 ou 5", "ambiguous"),
        ("10/12", "ambiguous"),
        ("2 não", "denied"),
        ("não são 4", "denied"),
        ("2 e meio", "ambiguous"),
        ("2 dúzias", "ambiguous"),
        ("10:30", "ambiguous"),
        ("vinte trinta", "ambiguous"),
        ("1.2.3", "not_a_number"),
        ("1,2,3", "not_a_number"),
        ("12345678901234567890", "not_a_number"),
        ("👍", "not_a_number"),
        ("٣", "not_a_number"),
        ("não é 3", "denied"),
        ("n é 3", "denied"),
        ("num é 3", "denied"),
        ("nem 3 nem 4", "ambiguous"),
    ],
)
def test_what_is_no_number_or_several_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        Number().hear(inbound(text), Question())
    assert str(caught.value) == reason


def test_a_whole_number_has_no_decimals() -> None:
    assert isinstance(Number().hear(inbound("3,0"), Question()).value, int)


def test_a_file_is_no_number() -> None:
    with pytest.raises(InvalidAnswerError, match="file"):
        Number().hear(inbound(files=(BOLETO,)), Question())
