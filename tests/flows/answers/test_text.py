import time

import pytest

from domain.errors import InvalidAnswerError
from domain.limits import LIMITS
from flows.answers.text import Text
from flows.expressions.pattern import mistake
from flows.parts.question import Question
from tests.flows.fakes import BOLETO, inbound


def value(text: str, pattern: str | None = None) -> object:
    return Text().understand(inbound(text), Question(pattern=pattern)).value


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("oi", "oi"),
        ("  oi  ", "oi"),
        ("Rua das Flores, 12\nAp. 3\n", "Rua das Flores, 12\nAp. 3"),
        ("não", "não"),
        ("👍", "👍"),
        ("{{ company.name }}", "{{ company.name }}"),
        ("<b>oi</b>", "<b>oi</b>"),
        ("0", "0"),
    ],
)
def test_a_text_is_kept_as_it_is_without_blanks_around(text: str, kept: str) -> None:
    assert value(text) == kept


@pytest.mark.parametrize("text", ["123456", " 123456 "])
def test_a_text_that_fits_the_pattern_is_taken(text: str) -> None:
    assert value(text, "[0-9]{6}") == "123456"


@pytest.mark.parametrize("text", ["12345", "1234567", "meu código é 123456", "123456\n7", "١٢٣٤٥٦", "1" * 2_000])
def test_the_whole_text_has_to_fit_the_pattern(text: str) -> None:
    with pytest.raises(InvalidAnswerError, match="pattern"):
        value(text, "[0-9]{6}")


def test_a_text_longer_than_patterns_are_tried_on_does_not_fit() -> None:
    assert value("1" * LIMITS.pattern_input, "[0-9]+")
    with pytest.raises(InvalidAnswerError, match="pattern"):
        value("1" * (LIMITS.pattern_input + 1), "[0-9]+")


def test_a_pattern_that_explodes_elsewhere_takes_no_time_here() -> None:
    began = time.monotonic()
    with pytest.raises(InvalidAnswerError, match="pattern"):
        value("a" * 1_000 + "!", "(a+)+")
    assert time.monotonic() - began < 5  # a hang would be hours


@pytest.mark.parametrize(
    ("text", "files", "truncated", "reason"),
    [("", (BOLETO,), False, "file"), ("", (), False, "empty"), ("oi", (BOLETO,), True, "too_long")],
)
def test_what_is_no_text_is_refused_with_a_reason(
    text: str, files: tuple[object], reason: str, *, truncated: bool
) -> None:
    with pytest.raises(InvalidAnswerError, match=reason):
        Text().understand(inbound(text, files=files, truncated=truncated), Question())


def test_a_mistake_in_a_pattern_is_named() -> None:
    assert mistake("[0-9]{6}") is None
    assert "missing )" in (mistake("(a") or "")
    assert "invalid" in (mistake(r"(a)\1") or "")
    assert "bytes" in (mistake("a" * 201) or "")
