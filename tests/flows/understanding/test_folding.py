import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.folding import folded


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("NÃO Esqueço", "nao esqueco"),
        ("NA\u0303O", "nao"),
        ("2\ufe0f\u20e3", "2"),
        ("👍🏽", "👍"),
        ("STRASSE straße", "strasse strasse"),
        ("a\nb", "a\nb"),
    ],
)
def test_the_same_letters_are_folded_into_the_same_text(text: str, plain: str) -> None:
    assert folded(text) == plain


@given(st.text())
def test_folded_text_stays_as_it_is(text: str) -> None:
    assert folded(folded(text)) == folded(text)
