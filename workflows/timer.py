"""One deadline timer a conversation: moved in memory, armed anew when it fires early."""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow


class DeadlineTimer:
    """Wakes the workflow at the deadline that counts when it fires.

    A timer that is armed and cancelled at every wait would cost two events a turn (`reference/temporal.md` 1);
    this one costs one event, and two more whenever a nearer deadline than the armed one is set.
    """

    def __init__(self) -> None:
        self._deadline: datetime | None = None
        self._armed: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    def set(self, deadline: datetime | None) -> None:
        """Let *deadline* count from now on; None: nothing to wake for."""
        self._deadline = deadline
        if deadline is None or (self._armed is not None and self._armed <= deadline):
            return
        if self._task is not None:
            self._task.cancel()
        self._armed = deadline
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._deadline is not None and (left := self._deadline - workflow.now()) > timedelta():
            self._armed = self._deadline
            await workflow.sleep(left, summary=f"until {self._deadline:%Y-%m-%d %H:%M:%S} UTC")
        self._armed = None
        self._task = None
