import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.shorthand import spelled_out


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("n é 2", "não é 2"),
        ("ñ sei", "não sei"),
        ("num é esse", "não é esse"),
        ("num 2", "num 2"),
        ("n 2", "n 2"),
        ("nº529", "529"),
        ("hj", "hoje"),
        ("Hj!", "hoje!"),
        ("amnh msm", "amanhã mesmo"),
        ("2 kkk", "2"),
        ("2kkkk", "2"),
        ("rsrs 2", "2"),
        ("hahaha", ""),
        ("2, né?", "2, ,"),
        ("2 não é?", "2 ,"),
        ("2 não é", "2 não é"),
        ("eu acho que 2", ", 2"),
        ("2\u20133", "2-3"),
        ("🌟🌟", "⭐⭐"),
        ("ne.hj@example.com", "ne.hj@example.com"),
        ("acho@example.com", "acho@example.com"),
        ("HJ.000.000/0000-79", "HJ.000.000/0000-79"),
        ("kombi", "kombi"),
        ("ha 5 anos", "ha 5 anos"),
    ],
)
def test_what_people_type_is_spelled_out(text: str, plain: str) -> None:
    assert spelled_out(text) == plain


@given(st.text("knershja. 0?ãº", max_size=30))
def test_what_is_spelled_out_stays_so_when_there_is_nothing_left_to_spell_out(text: str) -> None:
    plain = spelled_out(text)
    assert len(plain) <= len(text) * 4
