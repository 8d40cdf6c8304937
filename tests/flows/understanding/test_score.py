import pytest

from flows.understanding.score import SCALES
from tests.flows.fakes import inbound


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ("10", 10),
        ("0", 0),
        ("zero", 0),
        (" 9. ", 9),
        ("nove!", 9),
        ("nota 8", 8),
        ("minha nota é 7, por favor", 7),
        ("dou 10 😍", 10),
        ("10/10", 10),
        ("9 de 10", 9),
        ("🔟", 10),
        ("7️⃣", 7),
        ("11", None),
        ("-1", None),
        ("8 ou 9", None),
        ("9,5", None),
        ("em 5 minutos resolveram", None),
        ("5 minutos e nada", None),
        ("bom", None),
        ("", None),
        ("1" * 5_000, None),
    ],
)
def test_a_score_from_0_to_10_is_understood_or_not(said: str, score: int | None) -> None:
    assert SCALES["nps"].score(inbound(said)) == score


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ("⭐⭐⭐⭐⭐", 5),
        ("⭐️", 1),
        ("5 estrelas", 5),
        ("4 ⭐", 4),
        ("5/5", 5),
        ("⭐" * 6, None),
        ("0", None),
        ("6", None),
    ],
)
def test_satisfaction_may_be_given_in_stars(said: str, score: int | None) -> None:
    assert SCALES["csat"].score(inbound(said)) == score


def test_a_tap_on_another_surveys_score_is_none() -> None:
    assert SCALES["csat"].score(inbound(choice="csat_4")) == 4
    assert SCALES["csat"].score(inbound(choice="nps_4")) is None


def test_a_text_that_was_cut_off_is_no_score() -> None:
    assert SCALES["nps"].score(inbound("9", truncated=True)) is None
