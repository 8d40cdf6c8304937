"""Settings of a business calendar: `[calendars.NAME]`."""

import re
from datetime import date
from itertools import pairwise
from typing import Annotated, Final, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from runtime.zones import Zone

_WRITTEN: Final = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_DAY: Final = 24 * 60
_LEAP: Final = 2000
"""A year in which there is every day."""


class OpenInterval(NamedTuple):
    """From when until when, in minutes of the day."""

    begin: int
    end: int


def open_interval(written: str) -> OpenInterval:
    """Return the interval of a text like `08:00-12:00`; ValueError when it is none of one day."""
    match = _WRITTEN.fullmatch(written)
    hours = [int(part) for part in match.groups()] if match else [1, 0, 0, 0]
    found = OpenInterval(hours[0] * 60 + hours[1], hours[2] * 60 + hours[3])
    if not found.begin < found.end <= _DAY:
        raise ValueError("expected hours such as '08:00-12:00', within one day")
    return found


def _in_order(hours: tuple[str, ...]) -> tuple[str, ...]:
    openings = [open_interval(written) for written in hours]
    if any(later.begin < earlier.end for earlier, later in pairwise(openings)):
        raise ValueError("expected hours one after the other")
    return hours


def _day(written: str) -> str:
    try:
        date.fromisoformat(written if len(written) > len("12-24") else f"{_LEAP}-{written}")
    except ValueError:
        raise ValueError("expected a day such as '2026-12-24', or '12-24' for every year") from None
    return written


Hours = Annotated[tuple[str, ...], AfterValidator(_in_order)]
"""The hours of one day, `["08:00-12:00", "13:30-18:00"]`; none: closed."""


class Calendar(BaseModel):
    """When the company is open; a day that is not written is closed."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)

    zone: Zone | None = None
    """Its time zone; the company's when not said."""
    monday: Hours = ()
    """Hours of a Monday: `["08:00-12:00", "13:30-18:00"]`; none: closed."""
    tuesday: Hours = ()
    """Hours of a Tuesday; none: closed."""
    wednesday: Hours = ()
    """Hours of a Wednesday; none: closed."""
    thursday: Hours = ()
    """Hours of a Thursday; none: closed."""
    friday: Hours = ()
    """Hours of a Friday; none: closed."""
    saturday: Hours = ()
    """Hours of a Saturday; none: closed."""
    sunday: Hours = ()
    """Hours of a Sunday; none: closed."""
    holidays: Annotated[str, Field(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$")] = "BR"
    """Country, or state (`BR-SC`), by ISO 3166, on whose public holidays it is closed; empty: none."""
    optional_holidays: bool = False
    """Whether days are closed that are no holidays by law: Carnaval, Corpus Christi, 24 and 31 December."""
    days: dict[Annotated[str, AfterValidator(_day)], Hours] = Field(default_factory=dict)
    """Hours of single days, holidays or not: `"12-24" = ["08:00-12:00"]`, `"2026-12-31" = []`."""

    @model_validator(mode="after")
    def _opens_sometimes(self) -> Self:
        if not any((*self._week, *self.days.values())):
            raise ValueError('expected the hours of a day: monday = ["08:00-18:00"]')
        return self

    def hours(self, day: date, *, holiday: bool) -> tuple[OpenInterval, ...]:
        """Return when it is open on *day*."""
        for written in (day.isoformat(), f"{day:%m-%d}"):
            if written in self.days:
                return tuple(map(open_interval, self.days[written]))
        return () if holiday else tuple(map(open_interval, self._week[day.weekday()]))

    def is_special(self, day: date) -> bool:
        """Whether *day* has hours of its own."""
        return day.isoformat() in self.days or f"{day:%m-%d}" in self.days

    @property
    def _week(self) -> tuple[Hours, ...]:
        return (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)


_OFFICE: Final = ("08:00-18:00",)

MAIN: Final = Calendar(monday=_OFFICE, tuesday=_OFFICE, wednesday=_OFFICE, thursday=_OFFICE, friday=_OFFICE)
"""The calendar `main` where none is written: Monday to Friday from 8 to 18, closed on Brazil's national holidays."""
