"""Estimate the wait for an agent from the waits of recent contacts."""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from domain.limits import LIMITS

MOST: Final = 0.8
"""Share of earlier contacts whose wait was not longer than the estimate."""
_STEPS: Final = tuple(timedelta(minutes=step) for step in (2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240))
"""The steps of an estimate; a more exact or a longer one would promise too much."""


def estimate(waits: Sequence[timedelta], *, waited: timedelta, longest: timedelta) -> timedelta | None:
    """Return the time within which most contacts who have *waited* so long are answered, rounded up; None if unknown.

    *waits* are how long it took others of late. Those who waited less than this contact has already say nothing; too
    few of them neither, nor when somebody whose turn comes first waits for *longest* now, and that is longer.
    """
    longer = sorted(wait for wait in waits if wait > waited)
    if len(longer) < LIMITS.waits_needed:
        return None
    usual = longer[math.ceil(len(longer) * MOST) - 1]
    if longest > usual:
        return None
    return next((step for step in _STEPS if step >= usual - waited), None)
