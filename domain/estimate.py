"""Estimate the wait for an agent from the waits of recent contacts."""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from domain.limits import LIMITS

MOST: Final = 0.8
"""The share of those who came before that did not wait longer than is said."""
_STEPS: Final = tuple(timedelta(minutes=step) for step in (2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240))
"""The steps of an estimate; a more exact or a longer one would promise too much."""


def estimate(waits: Sequence[timedelta], *, waited: timedelta, longest: timedelta) -> timedelta | None:
    """Return within what time most would answer a contact who has *waited*, rounded up; None when nobody can say.

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
