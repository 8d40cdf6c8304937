"""When a story begins: the server's clock only goes forward, so it is the next moment that fits."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.errors import SettingsError
from stories.story import WEEKDAYS

_DAY: Final = timedelta(days=1)
_AHEAD: Final = 8 * 366
"""Days among which there is every day of the year, 29 February too."""


def next_moment(written: str, now: datetime, zone: str, is_ordinary: Callable[[date], bool]) -> datetime:
    """Return the next moment after *now*, in UTC, that is *written* as local time of *zone*; see `stories.story.When`.

    A weekday begins a week of which every day *is_ordinary*: else a story would come out differently around holidays.
    """
    day, _, hour = written.partition(" ")
    today = now.astimezone(ZoneInfo(zone)).date()
    for candidate in (today + later * _DAY for later in range(_AHEAD)):
        moment = datetime.combine(candidate, time.fromisoformat(hour), tzinfo=ZoneInfo(zone)).astimezone(UTC)
        if moment <= now:
            continue
        if f"{candidate:%m-%d}" == day:
            return moment
        if WEEKDAYS[candidate.weekday()] == day and all(is_ordinary(candidate + n * _DAY) for n in range(7)):
            return moment
    raise SettingsError(f"calendars: expected a week without holidays for {written!r}, found none in eight years")
