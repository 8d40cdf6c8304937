"""When each life of a process dies: one failpoint a life, so that its death says which one it was."""

import random
from collections.abc import Sequence
from typing import Final

GATEWAY: Final = ("before_commit", "after_ack", "after_signal")
WORKER: Final = ("before_commit", "before_send", "after_send_before_mark", "before_task_complete")
"""The names are written out: a place that is no longer reached in this process must fail the run."""

LATEST: Final = 9
"""Arrivals after which a life has died."""


def deal(random: random.Random, names: Sequence[str], each: int, hands: int) -> list[list[str]]:
    """Return, for each of *hands* processes, the plans of its lives; every name *each* times in all, shuffled."""
    plans = [f"{name}@{random.randint(1, LATEST)}" for name in names for _ in range(each)]
    random.shuffle(plans)
    return [plans[hand::hands] for hand in range(hands)]


def name_of(plan: str) -> str:
    """Return the failpoint of *plan*."""
    return plan.partition("@")[0]
