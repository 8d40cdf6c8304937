import pytest

from domain.errors import InvalidAnswerError
from flows.answers.base import Question
from flows.answers.rating import Rating
from tests.flows.fakes import BOLETO, inbound


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("5", 5),
        (" 4. ", 4),
        ("1", 1),
        ("5️⃣", 5),
        ("nota 3", 3),
        ("minha nota é 4", 4),
        ("dou 5", 5),
        ("cinco", 5),
        ("três estrelas", 3),
        ("4/5", 4),
        ("4 de 5", 4),
        ("⭐⭐⭐⭐", 4),
        ("⭐", 1),
        ("nota 5, obrigada!", 5),
        ("5 kkk", 5),
        ("🌟🌟🌟🌟", 4),
        ("acho que 4", 4),
        ("4 né", 4),
    ],
)
def test_a_rating_is_given_in_many_ways(text: str, rating: int) -> None:
    assert Rating().hear(inbound(text), Question()).value == rating


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("0", "not_a_rating"),
        ("6", "not_a_rating"),
        ("10", "not_a_rating"),
        ("-1", "not_a_rating"),
        ("4 ou 5", "not_a_rating"),
        ("4 e 5", "not_a_rating"),
        ("4,5", "not_a_rating"),
        ("bom", "not_a_rating"),
        ("⭐⭐⭐⭐⭐⭐", "not_a_rating"),
        ("👍", "not_a_rating"),
        ("5 não", "not_a_rating"),
        ("não dou 5", "not_a_rating"),
        ("nem 1", "not_a_rating"),
        ("n dou 5", "not_a_rating"),
    ],
)
def test_what_is_no_rating_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        Rating().hear(inbound(text), Question())
    assert str(caught.value) == reason


def test_ratings_can_be_tapped() -> None:
    options = Rating().options(Question())
    assert [option.label for option in options] == ["1", "2", "3", "4", "5"]
    assert Rating().hear(inbound(options[3].label, choice=options[3].id), Question()).value == 4


def test_a_file_is_no_rating() -> None:
    with pytest.raises(InvalidAnswerError, match="file"):
        Rating().hear(inbound(files=(BOLETO,)), Question())
