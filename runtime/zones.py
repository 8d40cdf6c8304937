"""The rules of a time zone, as far as conversations need them."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

from domain.conversation import Shift
from domain.errors import SettingsError

AHEAD: Final = timedelta(days=800)
"""How long rules are known ahead: a delay lasts up to a year, and may follow another."""
_DAY: Final = timedelta(days=1)


def _known(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("expected an IANA time zone such as 'America/Sao_Paulo'") from None
    return name


Zone = Annotated[str, AfterValidator(_known)]
"""The name of a time zone."""


def shifts(zone: str) -> tuple[Shift, ...]:
    """Return how far clocks of *zone* are ahead of UTC from yesterday on, and every change for two years.

    SettingsError when there is no such zone.
    """
    try:
        _known(zone)
    except ValueError as error:
        raise SettingsError(f"{error}, found {zone!r}") from error
    return _shifts(zone, datetime.now(UTC).date())


def moment(written: str, zone: str) -> datetime:
    """Return the moment, in UTC, at which clocks of *zone* show *written*, ISO 8601; of two, the first.

    A time that clocks skip is taken as if they did not: 02:30 where 02:00 becomes 03:00 is 03:30.
    """
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=32)
def _shifts(zone: str, today: date) -> tuple[Shift, ...]:
    place = ZoneInfo(zone)
    at = datetime(today.year, today.month, today.day, tzinfo=UTC) - _DAY
    end = at + AHEAD
    found = [Shift(since=at, ahead=_ahead(place, at))]
    while at < end:
        if _ahead(place, at + _DAY) != found[-1].ahead:
            since = _change(place, at)
            found.append(Shift(since=since, ahead=_ahead(place, since)))
        at += _DAY
    return tuple(found)


def _change(place: ZoneInfo, at: datetime) -> datetime:
    """Return the minute of the day after *at* from which clocks show another time."""
    before, after = 0, _DAY // timedelta(minutes=1)
    while after - before > 1:
        middle = (before + after) // 2
        if _ahead(place, at + timedelta(minutes=middle)) == _ahead(place, at):
            before = middle
        else:
            after = middle
    return at + timedelta(minutes=after)


def _ahead(place: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(place).utcoffset() or timedelta(0)
