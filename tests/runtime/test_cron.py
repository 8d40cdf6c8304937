"""Cron, as Temporal reads it, refused in words before Temporal does."""

import pytest

from runtime import cron


@pytest.mark.parametrize(
    "text",
    ["0 9 * * 1", "*/15 8-18 * * mon-fri", "0 9 1-5/2,8 * *", "5/10 * * jan Sunday", "0 0 31 12 7"],
)
def test_what_temporal_takes_is_taken(text: str) -> None:
    assert cron.checked(text) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("segunda 9h", "expected minute, hour, day, month and weekday, with one space between: '0 9 \\* \\* 1' is"),
        ("0  9 * * 1", "with one space between"),
        ("60 9 * * 1", "minute '60': expected \\* or 0-59"),
        ("0 9h * * 1", "hour '9h': expected"),
        ("0 9 0 * 1", "day '0': expected"),
        ("0 9 * ja 1", "month 'ja': expected"),
        ("0 9 * * seg", "weekday 'seg': expected"),
        ("0 9 * * fri-mon", "weekday 'fri-mon': expected"),
        ("0 9 * * 1-2-3", "weekday '1-2-3': expected"),
        ("*/0 9 * * 1", "minute '\\*/0': expected"),
        ("0 9, * * 1", "hour '9,': expected"),
    ],
)
def test_what_temporal_refuses_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        cron.checked(text)
