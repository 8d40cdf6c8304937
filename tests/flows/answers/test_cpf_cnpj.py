import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.br import cnpj, cpf

from domain.errors import InvalidAnswerError
from flows.answers.cpf_cnpj import CpfCnpj
from flows.parts.question import Question
from tests.flows.fakes import BOLETO, inbound

CPF = "52998224725"
CNPJ = "11444777000161"
LETTERS = "12ABC34501DE35"  # the example of Serpro's manual of the alphanumeric CNPJ


def value(text: str) -> object:
    return CpfCnpj().hear(inbound(text), Question()).value


@pytest.mark.parametrize(
    ("text", "compact"),
    [
        ("52998224725", CPF),
        ("529.982.247-25", CPF),
        ("529 982 247 25", CPF),
        ("529982247-25", CPF),
        ("529.982.247/25", CPF),
        ("  529.982.247-25.", CPF),
        ("529. 982. 247 - 25", CPF),
        ("meu cpf é 529.982.247-25", CPF),
        ("Meu CPF é 52998224725, obrigado!", CPF),
        ("cpf:52998224725", CPF),
        ("CPF 529.982.247-25 (do meu pai)", CPF),
        ("529.982.247-25\nAna Souza", CPF),
        ("５２９９８２２４７２５", CPF),
        ("é 529.982.247-25, de novo: 52998224725", CPF),
        ("01234567890", "01234567890"),
        ("11444777000161", CNPJ),
        ("11.444.777/0001-61", CNPJ),
        ("11 444 777 0001 61", CNPJ),
        ("o cnpj da empresa é 11.444.777/0001-61", CNPJ),
        ("12.ABC.345/01DE-35", LETTERS),
        ("12.abc.345/01de-35", LETTERS),
        ("12abc34501de35", LETTERS),
        ("12 ABC 345 01DE 35", LETTERS),
        ("nosso cnpj: 12.abc.345/01de-35.", LETTERS),
        ("não, é 529.982.247-25", CPF),
        ("não sei de cabeça mas acho que é 529.982.247-25", CPF),
        ("o cpf não é meu, é da minha mãe: 529.982.247-25", CPF),
        ("não lembro do cnpj. o cpf é 529.982.247-25", CPF),
        ("nada, é 529.982.247-25", CPF),
        ("não é 123.456.789-09, é 529.982.247-25", CPF),
        ("é 529.982.247-25 não é?", CPF),
        ("529.982.247-25 né", CPF),
        ("52998224725kkk", CPF),
        ("529.982.247–25", CPF),
        ("nº529.982.247-25", CPF),
        ("cpf n 52998224725", CPF),
    ],
)
def test_people_write_documents_in_many_ways(text: str, compact: str) -> None:
    assert value(text) == compact


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("529.982.247-24", "check_digits"),
        ("111.111.111-11", "check_digits"),
        ("000.000.000-00", "check_digits"),
        ("11.111.111/1111-11", "check_digits"),
        ("11.444.777/0001-62", "check_digits"),
        ("12.ABC.345/01DE-36", "not_a_document"),
        ("5299822472", "not_a_document"),
        ("529982247255", "not_a_document"),
        ("meu telefone é 11987654321", "check_digits"),
        ("não sei de cabeça", "not_a_document"),
        ("boa tarde tudo bem 12", "not_a_document"),
        ("oi", "not_a_document"),
        ("👍", "not_a_document"),
        ("١٢٣٤٥٦٧٨٩٠٩", "not_a_document"),
        ("", "empty"),
        ("529.982.247-25 ou 123.456.789-09", "ambiguous"),
        ("não é 529.982.247-25", "denied"),
        ("529.982.247-25 não", "denied"),
        ("529.982.247-25 não é meu", "denied"),
        ("n é 529.982.247-25", "denied"),
        ("não sei se é 529.982.247-25", "denied"),
        ("nunca foi 529.982.247-25", "denied"),
        ("não é 11.444.777/0001-61", "denied"),
        ("não o certo é 529.982.247-25", "denied"),
    ],
)
def test_what_is_no_document_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        value(text)
    assert str(caught.value) == reason


def test_a_photo_of_the_card_is_refused_unless_its_caption_has_the_number() -> None:
    with pytest.raises(InvalidAnswerError, match="file"):
        CpfCnpj().understand(inbound(files=(BOLETO,)), Question())
    taken = CpfCnpj().understand(inbound("529.982.247-25", files=(BOLETO,)), Question())
    assert taken.value == CPF


def test_a_message_that_was_cut_off_is_too_long() -> None:
    with pytest.raises(InvalidAnswerError, match="too_long"):
        CpfCnpj().understand(inbound(CPF, truncated=True), Question())


def _check_digit(digits: str, heaviest: int) -> str:
    """Modulo 11 as Receita Federal defines it; a letter counts as its ASCII code less 48."""
    weights = [2 + place % (heaviest - 1) for place in range(len(digits))]
    total = sum((ord(digit) - 48) * weight for digit, weight in zip(reversed(digits), weights, strict=True))
    return str((11 - total % 11) % 11 % 10)


def _cpf(first: str) -> str:
    tenth = first + _check_digit(first, 11)
    return tenth + _check_digit(tenth, 11)


def _cnpj(first: str) -> str:
    thirteenth = first + _check_digit(first, 9)
    return thirteenth + _check_digit(thirteenth, 9)


documents = st.text("0123456789", min_size=9, max_size=9).map(_cpf) | st.text(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12
).map(_cnpj)


@given(documents, st.sampled_from(["{}", "meu documento é {}", "{}, obrigado", "({})"]))
def test_every_right_document_is_understood_formatted_or_not(document: str, sentence: str) -> None:
    assume(len(set(document)) > 1)
    form = cpf.format if len(document) == 11 else cnpj.format
    assert value(sentence.format(document)) == document
    assert value(sentence.format(form(document))) == document
    assert value(sentence.format(form(document).lower())) == document


@given(documents, st.integers(min_value=1, max_value=9))
def test_one_wrong_last_digit_is_always_noticed(document: str, more: int) -> None:
    wrong = document[:-1] + str((int(document[-1]) + more) % 10)
    with pytest.raises(InvalidAnswerError):
        value(wrong)
