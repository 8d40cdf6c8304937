"""The report's arithmetic."""

import math
import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Ratio(NamedTuple):
    """How many times the other's figure ours is: the median of the rounds, the lowest and the highest of them."""

    median: float
    low: float
    high: float


def percentile(samples: Sequence[float], percent: float) -> float:
    """Return the smallest sample that at least *percent* of them do not exceed (nearest rank)."""
    if not samples:
        raise ValueError("no samples")
    ordered = sorted(samples)
    return ordered[max(math.ceil(percent / 100 * len(ordered)), 1) - 1]


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio | None:
    """Compare round with round, so that what disturbs one round disturbs both sides; None when there is nothing to."""
    rounds = [mine / other for mine, other in zip(ours, theirs, strict=True) if other]
    if not rounds:
        return None
    return Ratio(statistics.median(rounds), min(rounds), max(rounds))


def per_thousand(amount: float, turns: int) -> float:
    """Return what 1,000 turns take when *turns* took *amount*."""
    return amount * 1000 / turns
