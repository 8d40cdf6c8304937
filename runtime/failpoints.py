"""Places where a fault test may kill the process, or stop it; without PROSA_FAILPOINTS they do nothing.

`PROSA_FAILPOINTS="after_ack@3,before_send@7"` kills at the third and the seventh arrival at those places;
`"before_write@1=stop"` stops the process (SIGSTOP) until the test lets it go on.
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
"""Where a process may die."""
STOPS: Final = ("before_last_check", "before_write")
"""Where it may also be stopped: around the last check of an attempt's time, right before a request is written."""

_arrivals: Counter[str] = Counter()


def reach(name: str) -> None:
    """Kill this process, as the power would, or stop it, when the environment asks for it at this arrival at *name*."""
    plan = os.environ.get("PROSA_FAILPOINTS")
    if not plan:
        return
    _arrivals[name] += 1
    arrival = f"{name}@{_arrivals[name]}"
    if arrival in plan.split(","):
        os.kill(os.getpid(), signal.SIGKILL)
    if f"{arrival}=stop" in plan.split(","):
        os.kill(os.getpid(), signal.SIGSTOP)
