"""When each life of a process dies: one failpoint a life, so that its death says which one it was."""

import os
import random
from collections.abc import Sequence
from typing import Final

GATEWAY: Final = ("before_commit", "after_ack", "after_signal")
WORKER: Final = ("before_commit", "before_send", "after_send_before_mark", "before_task_complete")
"""The names are written out: a place that is no longer reached in this process must fail the run."""

LIFE: Final = (4, 40)
"""After how many arrivals at its failpoint a life ends: between these, so that all stages of a talk are hit."""


def deal(
    chance: random.Random, names: Sequence[str], each: int, hands: int, life: tuple[int, int] = LIFE
) -> list[list[str]]:
    """Return, for each of *hands* processes, the plans of its lives; every name *each* times in all, shuffled."""
    plans = [f"{name}@{chance.randint(*life)}" for name in names for _ in range(each)]
    chance.shuffle(plans)
    return [plans[hand::hands] for hand in range(hands)]


def seed() -> int:
    """Return the seed of this run: that of an earlier one when FAULT_SEED says it."""
    return int(os.environ.get("FAULT_SEED") or random.randrange(1_000_000))


def name_of(plan: str) -> str:
    """Return the failpoint of *plan*."""
    return plan.partition("@")[0]
