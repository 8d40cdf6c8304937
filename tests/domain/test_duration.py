from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.duration import format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("4s", timedelta(seconds=4)),
        ("5m", timedelta(minutes=5)),
        ("24h", timedelta(hours=24)),
        ("2d", timedelta(days=2)),
        ("1h30m", timedelta(hours=1, minutes=30)),
        ("1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("90m", timedelta(minutes=90)),
        ("366d", timedelta(days=366)),
    ],
)
def test_a_duration_is_read_as_it_is_written(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0s",
        "-5m",
        "5",
        "m",
        "5 m",
        "5M",
        "30m1h",
        "1.5h",
        "367d",
        "99999999d",
        "9" * 5_000 + "s",
        "٥m",
        30,
        None,
        True,
    ],
)
def test_anything_else_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="expected a duration"):
        parse_duration(text)


@given(st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=366)))
def test_a_duration_reads_back_to_the_second(duration: timedelta) -> None:
    whole = duration - timedelta(microseconds=duration.microseconds)
    assert parse_duration(format_duration(duration)) == whole
