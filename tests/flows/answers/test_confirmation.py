import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidAnswerError
from domain.message import Inbound
from flows.answers.confirmation import Confirmation
from flows.parts.question import Question
from tests.flows.fakes import BOLETO, TEXTS, inbound

QUESTION = Question(yes=TEXTS.yes, no=TEXTS.no)


def value(message: Inbound) -> object:
    return Confirmation().understand(message, QUESTION).value


@pytest.mark.parametrize(
    "text",
    [
        "sim",
        "SIM",
        "Sim.",
        "s",
        "ss",
        "simmm",
        "siiim",
        "sim!!!",
        "claro",
        "Claro que sim",
        "pode",
        "pode ser",
        "Pode sim, por favor",
        "isso",
        "isso mesmo",
        "ok",
        "Ok 👍",
        "blz",
        "beleza",
        "👍",
        "👍🏽",
        "👍👍",
        "quero",
        "eu quero",
        "com certeza",
        "positivo",
        "sim, obrigado",
        "tá bom",
        "1",
        "1️⃣",
        "sim sim",
        "é",
        "sim, voltou",
        "Sim, voltou! Obrigada",
        "sim voltou",
        "simmm, voltou agora",
        "sim, pode ser",
        "Sim. Já está funcionando",
        "sim, tudo resolvido por aqui",
        "sim, no sábado de manhã",
        "isso mesmo, pode mandar",
        "isso, a da Rua das Flores",
        "claro, sem problema",
        "ok, estou aguardando",
        "👍, voltou",
        "bom dia, sim, voltou",
        "sim senhor",
        "sim - já testei",
        "pode ser, de tarde é melhor",
    ],
)
def test_people_say_yes_in_many_ways(text: str) -> None:
    assert value(inbound(text)) is True


@pytest.mark.parametrize(
    "text",
    [
        "não",
        "nao",
        "NÃO",
        "Não.",
        "n",
        "nn",
        "nãooo",
        "negativo",
        "de jeito nenhum",
        "👎",
        "👎🏿",
        "deixa",
        "deixa pra lá",
        "agora não",
        "não, obrigada",
        "não quero",
        "claro que não",
        "Não precisa, obrigado 🙏",
        "pode deixar",
        "só isso",
        "não é isso",
        "com certeza não",
        "2",
        "2.",
        "não, obrigado",
        "Não. Continua sem sinal",
        "não, ainda está fora do ar",
        "não funcionou",
        "não voltou ainda",
        "nãooo, continua igual",
        "negativo, segue parado",
        "oi, não, continua fora",
        "agora não, estou no trabalho",
        "não, tá ruim",
    ],
)
def test_people_say_no_in_many_ways(text: str) -> None:
    assert value(inbound(text)) is False


@pytest.mark.parametrize(
    "text",
    [
        "talvez",
        "sim e não",
        "não sei",
        "sim mas só amanhã",
        "quem sabe",
        "3",
        "simpático",
        "quero cancelar meu plano",
        "por favor",
        "obrigado",
        "😐",
        "?",
        "certo que não",
        "no, quero",
        "sim, mas só amanhã",
        "sim, não funcionou",
        "sim, nunca chegou",
        "sim, se for de graça",
        "sim, quanto custa?",
        "sim? voltou",
        "sim, 2",
        "sim, cancelar",
        "não, quero sim",
        "não, pode mandar",
        "não, quero falar com um atendente",
        "não entendi",
        "não lembro agora",
        "não, sei lá",
        "quero, o boleto mas também outra coisa",
        "pode cancelar meu plano hoje mesmo",
        "isso não resolve",
        "sim eu queria saber da minha fatura",
        "sim, queria saber por que a fatura deste mês veio com um valor tão alto assim",
        "voltou, sim",
        "acho, sim",
        "sim, ou não",
    ],
)
def test_anything_else_is_neither(text: str) -> None:
    with pytest.raises(InvalidAnswerError, match="not_yes_or_no"):
        value(inbound(text))


def test_a_tap_counts_by_its_id() -> None:
    assert value(inbound("Sim", choice="yes")) is True
    assert value(inbound("Não", choice="no")) is False


def test_it_offers_yes_and_no_in_the_flows_words() -> None:
    assert [(option.id, option.label) for option in Confirmation().options(QUESTION)] == [("yes", "Sim"), ("no", "Não")]


def test_a_file_is_neither() -> None:
    with pytest.raises(InvalidAnswerError, match="file"):
        value(inbound(files=(BOLETO,)))


def test_a_message_that_was_cut_off_is_too_long() -> None:
    with pytest.raises(InvalidAnswerError, match="too_long"):
        value(inbound("sim", truncated=True))


def test_no_phrase_says_both_yes_and_no() -> None:
    for phrase in TEXTS.yes:
        assert value(inbound(phrase)) is True, phrase
    for phrase in TEXTS.no:
        assert value(inbound(phrase)) is False, phrase


@given(st.text(max_size=100))
def test_any_text_is_yes_or_no_or_refused(text: str) -> None:
    try:
        assert isinstance(value(inbound(text)), bool)
    except InvalidAnswerError as error:
        assert str(error) in {"not_yes_or_no", "empty"}  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    "text", ["certo?", "ok?", "sim?", "pode ser?", "isso mesmo ?", "tá bom？", "👍❓", "claro que sim?!"]
)
def test_a_question_is_never_a_yes(text: str) -> None:
    with pytest.raises(InvalidAnswerError, match="not_yes_or_no"):
        value(inbound(text))


CANCEL = Question(yes=TEXTS.yes, no=TEXTS.no, act="cancelar o plano")
FINAL = CANCEL.model_copy(update={"irreversible": True})


def heard(text: str, question: Question) -> object:
    try:
        return Confirmation().hear(inbound(text), question).value
    except InvalidAnswerError:
        return None


@pytest.mark.parametrize(
    ("text", "yes", "final"),
    [
        ("sim", True, True),
        ("1", True, True),
        ("claro", True, True),
        ("cancela", True, True),
        ("Pode cancelar!", True, True),
        ("pode cancelar o plano, por favor", True, True),
        ("sim, quero cancelar", True, True),
        ("quero o cancelamento", True, True),
        ("cancele", True, True),
        ("cancela isso", True, None),
        ("cancela logo", True, None),
        ("sim, já decidi", True, None),
        ("não cancela", False, False),
        ("nao quero cancelar", False, False),
        ("quero desistir do cancelamento", False, False),
        ("deixa, não cancela não", False, False),
        ("não", False, False),
        ("não, obrigado", False, False),
        ("sim, quero ficar", None, None),
        ("vou manter", None, None),
        ("cancela?", None, None),
        ("pode cancelar?", None, None),
        ("certo?", None, None),
        ("sim, mas quando param de cobrar?", None, None),
        ("não, quero cancelar", None, None),
        ("cancela o da minha mãe", None, None),
        ("canela", None, None),
    ],
)
def test_a_confirmation_hears_what_it_asks_about(text: str, yes: bool | None, final: bool | None) -> None:  # noqa: FBT001
    assert (heard(text, CANCEL), heard(text, FINAL)) == (yes, final)


@pytest.mark.parametrize(
    ("act", "text"),
    [
        ("fechar o acordo", "pode fechar"),
        ("fechar o acordo", "fecha logo"),
        ("liberar", "libera aí"),
        ("pagar", "pague"),
        ("desbloquear", "desbloqueia por favor"),
        ("enviar", "pode enviar"),
        ("receber", "quero receber"),
        ("transferir", "transfere"),
    ],
)
def test_verbs_of_all_kinds_have_their_forms(act: str, text: str) -> None:
    assert heard(text, CANCEL.model_copy(update={"act": act})) is True
