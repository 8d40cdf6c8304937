"""One deadline timer a conversation: moved in memory, armed anew when it fires early."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

from temporalio import workflow

MOMENT: Final = timedelta(milliseconds=1)


class DeadlineTimer:
    """Wakes the workflow at the deadline that counts when it fires.

    A timer that is armed and cancelled at every wait would cost two events a turn (`reference/temporal.md` 1);
    this one costs one event, and two more whenever a nearer deadline than the armed one is set.

    Only a timer that has fired says that a deadline has passed, never the clock: in a turn with a local activity
    that outlasts a workflow task, `workflow.now()` reads later when it is replayed (temporalio 1.35), and a
    conversation that decided by it would be stuck as nondeterministic.
    """

    def __init__(self) -> None:
        self.reached = datetime.min.replace(tzinfo=UTC)
        """The latest deadline that has passed."""
        self._deadline: datetime | None = None
        self._armed: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    def set(self, deadline: datetime | None) -> None:
        """Let *deadline* count from now on; None: nothing to wake for."""
        self._deadline = deadline
        if deadline is None or self.has_passed(deadline) or (self._armed is not None and self._armed <= deadline):
            return
        if self._task is not None:
            self._task.cancel()
        self._armed = deadline
        self._task = asyncio.create_task(self._run(deadline))

    def has_passed(self, deadline: datetime | None) -> bool:
        """Whether a timer for *deadline*, or for a later one, has fired."""
        return deadline is not None and deadline <= self.reached

    async def _run(self, armed: datetime) -> None:
        while True:
            left = max(armed - workflow.now(), MOMENT)
            await workflow.sleep(left, summary=f"until {armed:%Y-%m-%d %H:%M:%S} UTC")
            if self._deadline is None or self._deadline <= armed:
                break
            self._armed = armed = self._deadline
        self.reached = max(self.reached, armed)
        self._armed = None
        self._task = None
