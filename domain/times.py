"""Points in time, as clocks and calendars tell them."""

from datetime import UTC, datetime
from typing import Final

from pydantic import AwareDatetime

from domain.duration import LONGEST
from domain.errors import FlowError
from domain.model import Value

_SHOWN: Final = 40
_OLDEST: Final = 1900


class Moment(Value):
    """A point in time."""

    at: AwareDatetime


class BusinessTime(Value):
    """Whether a company is open at a moment; moments have the offset that clocks show there."""

    open: bool
    opens_at: AwareDatetime | None = None
    """When it opens next, if it is closed; None when that is not within a year."""
    closes_at: AwareDatetime | None = None
    """When it closes, if it is open; None when that is not within a year."""
    holiday: str = ""
    """Name of the public holiday that the day is."""


def read_moment(written: str, now: datetime) -> datetime:
    """Return the moment that *written*, ISO 8601, means, with a zone if it names one.

    FlowError when it means none, or one that is further ahead of *now* than a conversation may wait.
    """
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        moment = None
    if moment is None or moment.year < _OLDEST:
        raise FlowError(f"expected a moment such as '2026-12-10T09:00', found {written[:_SHOWN]!r}")
    if moment.replace(tzinfo=UTC) - now > LONGEST:
        raise FlowError(f"expected a moment within {LONGEST.days} days, found {written[:_SHOWN]!r}")
    return moment
