import pytest

from domain.errors import InvalidAnswerError
from flows.answers.base import Question
from flows.answers.email import Email
from tests.flows.fakes import inbound

ANA = "ana.souza@example.com"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ana.souza@example.com", ANA),
        ("  Ana.Souza@Example.com ", ANA),
        ("ANA.SOUZA@EXAMPLE.COM", ANA),
        ("ana.souza@example.com.", ANA),
        ("meu e-mail é ana.souza@example.com, pode mandar", ANA),
        ("<ana.souza@example.com>", ANA),
        ("Ana Souza (ana.souza@example.com)", ANA),
        ("email:ana.souza@example.com", ANA),
        ("ana.souza @ example.com", ANA),
        ("ana.souza@ example.com", ANA),
        ("ana.souza arroba example.com", ANA),
        ("ana ponto souza arroba example ponto com", ANA),
        ("ana.souza@example.com / ana.souza@example.com", ANA),
        ("ana_souza+casa@sub.example.com.br", "ana_souza+casa@sub.example.com.br"),
        ("ana-1@ex-ample.net.br", "ana-1@ex-ample.net.br"),
        ("mailto:ana.souza@example.com", ANA),
        ("não, é ana.souza@example.com", ANA),
        ("não tenho, mas o da minha mãe é ana.souza@example.com", ANA),
        ("não é bia@example.com, é ana.souza@example.com", ANA),
        ("não sei, acho que ana.souza@example.com", ANA),
        ("ana.souza@example.com, não é?", ANA),
        ("nao.sei@example.com", "nao.sei@example.com"),
        ("nada@example.com", "nada@example.com"),
        ("ne@example.com", "ne@example.com"),
        ("meu e-mail é ana ponto souza arroba example ponto com", ANA),
        ("ana underline souza arroba example ponto com", "ana_souza@example.com"),
        ("ana traço souza arroba example.com.br", "ana-souza@example.com.br"),
        ("ana.souza@example .com", ANA),
        ("ana.souza@example. Com", ANA),
        ("ana.souza@example,com", ANA),
        ("ana.souza@example.com,br", "ana.souza@example.com.br"),
        ("*ana.souza@example.com*", ANA),
        ("📧ana.souza@example.com 😀", ANA),
        ("ana.souza@example.com kkk", ANA),
    ],
)
def test_an_address_is_understood_however_it_is_written(text: str, address: str) -> None:
    assert Email().hear(inbound(text), Question()).value == address


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("não tenho", "not_an_email"),
        ("ana.souza", "not_an_email"),
        ("ana.souza@", "not_an_email"),
        ("@example.com", "not_an_email"),
        ("ana.souza@gmail", "not_an_email"),
        ("ana.souza@example.con", "not_an_email"),
        ("ana..souza@example.com", "not_an_email"),
        ("ana@souza@example.com", "not_an_email"),
        ("ana.souza@-example.com", "not_an_email"),
        ("ana.souza@example..com", "not_an_email"),
        ("ana.souza@192.168.0.1", "not_an_email"),
        ("joão@example.com", "not_an_email"),
        (f"{'a' * 65}@example.com", "not_an_email"),
        ("ana@example.com ou bia@example.com", "ambiguous"),
        ("👍", "not_an_email"),
        ("não é ana.souza@example.com", "denied"),
        ("ana.souza@example.com não", "denied"),
        ("n é ana.souza@example.com", "denied"),
        ("não uso mais ana.souza@example.com", "denied"),
        ("não sei se é ana.souza@example.com", "denied"),
        ("ana souza arroba example ponto com", "not_an_email"),
        ("ana 1985 arroba example ponto com", "not_an_email"),
    ],
)
def test_what_is_no_address_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        Email().hear(inbound(text), Question())
    assert str(caught.value) == reason


@pytest.mark.parametrize("text", ["a." * 8000, "a@" * 8000, "a " * 8000 + "@", "@" + "a-" * 8000, " " * 16_000 + "x@"])
def test_hostile_texts_are_refused_quickly(text: str) -> None:
    with pytest.raises(InvalidAnswerError):
        Email().hear(inbound(text), Question())
