"""Times that come again, as cron writes them: `0 9 * * 1`."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

EXAMPLE: Final = "'0 9 * * 1' is every Monday at nine"


class _Field(NamedTuple):
    """Allowed values of one of the five fields; a name is recognised by its first *letters*."""

    name: str
    least: int
    most: int
    names: Sequence[str] = ()
    letters: int = 0

    def read(self, text: str) -> int:
        """Return the number that *text* is; ValueError when it is none."""
        for number, name in enumerate(self.names, self.least):
            if len(text) >= self.letters and name.startswith(text.lower()):
                return number
        if not (text.isascii() and text.isdecimal() and self.least <= int(text) <= self.most):
            raise ValueError
        return int(text)

    def takes(self, text: str) -> bool:
        """Return whether *text* is a list of numbers, ranges and steps: `1`, `1-5`, `*/15`, `8,12`."""
        return all(self._takes(part) for part in text.split(","))

    def _takes(self, part: str) -> bool:
        numbers, slash, step = part.partition("/")
        if slash and not (step.isascii() and step.isdecimal() and int(step)):
            return False
        try:
            found = [] if numbers == "*" else [self.read(one) for one in numbers.split("-")]
        except ValueError:
            return False
        return len(found) <= 2 and all(first <= last for first, last in pairwise(found))  # noqa: PLR2004 - from, to


_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAYS: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day", 1, 31),
    _Field("month", 1, 12, _MONTHS, 3),
    _Field("weekday", 0, 7, _DAYS, 2),
)


def checked(cron: str) -> str:
    """Return *cron* unchanged; ValueError names its mistake."""
    fields = cron.split(" ")
    if len(fields) != len(_FIELDS):
        raise ValueError(f"expected minute, hour, day, month and weekday, with one space between: {EXAMPLE}")
    for field, text in zip(_FIELDS, fields, strict=True):
        if not field.takes(text):
            raise ValueError(f"{field.name} {text!r}: expected * or {field.least}-{field.most}: {EXAMPLE}")
    return cron
