"""When the company is open: hours of the week, holidays, days of its own."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from holidays import country_holidays

from domain.errors import SettingsError, UnknownNameError
from domain.times import BusinessTime
from runtime.opening_hours import Calendar
from runtime.settings import Settings

AHEAD: Final = 370
"""Days in which the next opening is looked for."""
_DAY: Final = timedelta(days=1)
_ANY_YEAR: Final = 2026


class Calendars:
    """The calendars of one installation; SettingsError when one names a country that nobody knows."""

    def __init__(self, settings: Settings) -> None:
        self._calendars = settings.known_calendars
        self._zone = settings.company.zone
        for name, calendar in self._calendars.items():
            try:
                _holidays(calendar.holidays, _ANY_YEAR, optional=calendar.optional_holidays)
            except NotImplementedError as error:
                raise SettingsError(
                    f"calendars.{name}.holidays: expected a country or a state by ISO 3166 such as 'BR' or 'BR-SC',"
                    f" found {calendar.holidays!r}"
                ) from error

    def business_time(self, name: str, at: datetime) -> BusinessTime:
        """Return whether calendar *name* is open *at* a moment, until when, and when it opens next.

        UnknownNameError when there is no such calendar.
        """
        if name not in self._calendars:
            raise UnknownNameError(f"{name!r} is not one of the calendars: {', '.join(sorted(self._calendars))}")
        calendar = self._calendars[name]
        zone = ZoneInfo(calendar.zone or self._zone)
        today = at.astimezone(zone).date()
        end = today + AHEAD * _DAY
        holiday = _holidays_of(calendar, today).get(today, "")
        for begins, ends in _joined(_openings(calendar, zone, today, end)):
            if begins <= at < ends:
                closes = ends if ends.date() < end else None
                return BusinessTime(open=True, closes_at=closes, holiday=holiday)
            if at < begins:
                return BusinessTime(open=False, opens_at=begins, holiday=holiday)
        return BusinessTime(open=False, holiday=holiday)

    def is_ordinary(self, day: date) -> bool:
        """Whether *day* is no holiday, and no day of its own, in any of the calendars."""
        return not any(
            day in _holidays_of(calendar, day) or calendar.is_special(day) for calendar in self._calendars.values()
        )


def _openings(calendar: Calendar, zone: ZoneInfo, first: date, end: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield from when until when it is open, in order of time."""
    day = first
    while day < end:
        for opening in calendar.hours(day, holiday=day in _holidays_of(calendar, day)):
            yield _moment(day, opening.begin, zone), _moment(day, opening.end, zone)
        day += _DAY


def _joined(openings: Iterator[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """Yield *openings*, those that follow each other without a break as one."""
    last: tuple[datetime, datetime] | None = None
    for begins, ends in openings:
        if last is not None and begins <= last[1]:
            last = (last[0], ends)
            continue
        if last is not None:
            yield last
        last = (begins, ends)
    if last is not None:
        yield last


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return the moment at which clocks of *zone* show that many *minutes* of *day*; 24:00 is the next day's 00:00."""
    later, rest = divmod(minutes, 24 * 60)
    local = datetime.combine(day + later * _DAY, time(rest // 60, rest % 60), tzinfo=zone)
    return local.astimezone(UTC).astimezone(zone)  # a time that clocks skip becomes one that they show


def _holidays_of(calendar: Calendar, day: date) -> dict[date, str]:
    return _holidays(calendar.holidays, day.year, optional=calendar.optional_holidays)


@lru_cache(maxsize=64)
def _holidays(code: str, year: int, *, optional: bool) -> dict[date, str]:
    """Return the holidays of a year with their names in the country's language; NotImplementedError for no country."""
    if not code:
        return {}
    country, _, state = code.partition("-")
    language = country_holidays(country).default_language
    categories = ("public", "optional") if optional else ("public",)
    found = country_holidays(country, subdiv=state or None, years=year, language=language, categories=categories)
    return {day: found[day] for day in found}
