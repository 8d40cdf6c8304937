"""Durations as people write them: `30m`, `24h`, `1h30m`."""

import re
from datetime import timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

LONGEST: Final = timedelta(days=366)

_WRITTEN: Final = re.compile(r"(?:([0-9]{1,8})d)?(?:([0-9]{1,8})h)?(?:([0-9]{1,8})m)?(?:([0-9]{1,8})s)?")
_HINT: Final = "a duration such as 45s, 5m, 1h30m or 2d"


def parse_duration(text: object) -> timedelta:
    """Return the duration that *text* says; ValueError when it says none, or none between 1s and 366d."""
    if isinstance(text, timedelta):
        duration = text
    elif isinstance(text, str) and text and (parts := _WRITTEN.fullmatch(text)):
        days, hours, minutes, seconds = (int(part or 0) for part in parts.groups())
        duration = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    else:
        raise ValueError(f"expected {_HINT}, found {text!r}")
    if not timedelta(seconds=1) <= duration <= LONGEST:
        raise ValueError(f"expected a duration from 1s to {LONGEST.days}d, found {text!r}")
    return duration


def format_duration(duration: timedelta) -> str:
    """Return *duration* as it would be written; fractions of a second are dropped."""
    minutes, seconds = divmod(duration.days * 86_400 + duration.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(?=.)([0-9]{1,8}d)?([0-9]{1,8}h)?([0-9]{1,8}m)?([0-9]{1,8}s)?$",
            "examples": ["45s", "5m", "1h30m", "24h"],
        }
    ),
]
"""A timedelta that is written and saved as `5m`."""
