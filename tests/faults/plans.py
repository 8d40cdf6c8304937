"""When each life of a process dies: one failpoint a life, so that its death says which one it was."""

import random
from collections.abc import Sequence
from typing import Final

GATEWAY: Final = ("before_commit", "after_ack", "after_signal")
WORKER: Final = ("before_commit", "before_send", "after_send_before_mark", "before_task_complete")
"""The names are written out: a place that is no longer reached in this process must fail the run."""

LIFE: Final = (4, 40)
"""After how many arrivals at its failpoint a life ends: between these, so that all stages of a talk are hit."""


def deal(chance: random.Random, names: Sequence[str], each: int, hands: int) -> list[list[str]]:
    """Return, for each of *hands* processes, the plans of its lives; every name *each* times in all, shuffled."""
    plans = [f"{name}@{chance.randint(*LIFE)}" for name in names for _ in range(each)]
    chance.shuffle(plans)
    return [plans[hand::hands] for hand in range(hands)]


def name_of(plan: str) -> str:
    """Return the failpoint of *plan*."""
    return plan.partition("@")[0]
