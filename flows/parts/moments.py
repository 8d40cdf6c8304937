"""Moments as flows write them."""

from datetime import datetime
from typing import Final

from domain.errors import FlowError
from flows.expressions.values import shape

_OLDEST: Final = 1900
_AHEAD: Final = 100
"""Years after which nobody waits any more."""


def read_moment(written: str, now: datetime) -> datetime:
    """Return the moment that *written*, ISO 8601, means, with a zone if it names one.

    FlowError when it means none, or one that is further ahead of *now* than a conversation may wait.
    """
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        moment = None
    if moment is None or moment.year < _OLDEST:
        raise FlowError(f"expected a moment such as '2026-12-10T09:00', found {shape(written)}")
    if moment.year > now.year + _AHEAD:
        raise FlowError(f"expected a moment within {_AHEAD} years, found {shape(written)}")
    return moment
