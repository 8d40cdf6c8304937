import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.phrases import normalise, says, without_politeness
from flows.understanding.thanks import is_thanks
from tests.flows.fakes import BOLETO, TEXTS, inbound


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Não!", "nao"),
        ("  Opção   2️⃣ ", "opcao 2"),
        ("R$ 99,90 · 10/12", "r 99 90 10 12"),
        ("👍🏽", ""),
        ("2ª via", "2a via"),
        ("segunda_via", "segunda via"),
        ("🔟", "10"),
        ("STRASSE straße", "strasse strasse"),
    ],
)
def test_people_write_the_same_in_many_ways(text: str, plain: str) -> None:
    assert normalise(text) == plain


@given(st.text())
def test_what_is_normal_stays_as_it_is(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_politeness_is_taken_off_the_edges_only() -> None:
    assert without_politeness("oi eu queria a segunda via por favor") == "segunda via"
    assert without_politeness("carta de amor") == "carta de amor"
    assert without_politeness("por favor") == "por favor"


def test_the_longest_phrase_counts() -> None:
    assert says("claro que não", ["não", "claro que não"], ["claro"])
    assert not says("claro que não", ["claro"], ["claro que não"])
    assert not says("claro, não", ["claro"], ["não"])


@pytest.mark.parametrize(
    "text",
    [
        "obrigado",
        "Muito obrigada!",
        "muuuito obrigada",
        "obg",
        "vlw 👍",
        "Valeu, bom dia!",
        "🙏",
        "❤️",
        "ok, obrigado, boa noite",
        "Tá bom, obrigada pela ajuda 😊",
        "Show de bola!",
        "tchau tchau",
        "Deus abençoe",
        "grata",
    ],
)
def test_a_thank_you_is_recognised(text: str) -> None:
    assert is_thanks(inbound(text), TEXTS.thanks)


@pytest.mark.parametrize(
    "text",
    [
        "oi",
        "boa noite",
        "obrigado, mas e o boleto de dezembro?",
        "ok e agora?",
        "quero a segunda via",
        "não obrigado eu quero cancelar",
        "2",
        "",
        "🧾",
        "obrigatório",
    ],
)
def test_anything_else_begins_something_new(text: str) -> None:
    assert not is_thanks(inbound(text), TEXTS.thanks)


def test_a_file_or_a_message_cut_off_is_no_thank_you() -> None:
    assert not is_thanks(inbound("obrigado", files=(BOLETO,)), TEXTS.thanks)
    assert not is_thanks(inbound("obrigado", truncated=True), TEXTS.thanks)
