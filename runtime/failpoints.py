"""Places where a fault test may kill the process; without PROSA_FAILPOINTS they do nothing.

`PROSA_FAILPOINTS="after_ack@3,before_send@7"` kills at the third and the seventh arrival at those places.
"""

import os
import signal
from collections import Counter
from typing import Final

NAMES: Final = (
    "before_commit",
    "after_ack",
    "after_signal",
    "before_send",
    "after_send_before_mark",
    "before_task_complete",
)

_arrivals: Counter[str] = Counter()


def reach(name: str) -> None:
    """Kill this process, as the power would, when the environment asks for it at this arrival at *name*."""
    plan = os.environ.get("PROSA_FAILPOINTS")
    if not plan:
        return
    _arrivals[name] += 1
    if f"{name}@{_arrivals[name]}" in plan.split(","):
        os.kill(os.getpid(), signal.SIGKILL)
