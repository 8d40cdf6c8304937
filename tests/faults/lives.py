"""A process that dies as planned and is started again at once, life after life."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.faults.plans import name_of
from tests.faults.process import Process

HOPELESS: Final = 5
"""Deaths that nobody planned, after which it is not started any more."""


class Lives:
    """One place in the cluster (`gateway-1`), and the processes that fill it one after the other.

    Each life is given the next failpoint of *plans*; when they are used up, it lives until it is killed or stopped.
    A program that says nothing when it is ready listens on *port* then.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        *,
        plans: Sequence[str] = (),
        port: int | None = None,
    ) -> None:
        self.name = name
        self.fired: Counter[str] = Counter()
        """Failpoints at which a life of this process really died."""
        self.accidents: list[str] = []
        """Deaths that nobody planned."""
        self.deaths: list[float] = []
        """When its lives ended by themselves, by the monotonic clock."""
        self.killed = 0
        """Times that we killed it ourselves."""
        self._command = command
        self._folder = folder
        self._environment = environment
        self._plans = list(plans)
        self._port = port
        self._count = 0
        self._process: Process | None = None
        self._wanted = False
        self._task: asyncio.Task[None] | None = None

    @property
    def planned(self) -> int:
        """How many failpoints have still to be reached."""
        return len(self._plans)

    @property
    def up(self) -> bool:
        return self._process is not None and self._process.alive

    @property
    def pid(self) -> int:
        """The number of the present life's process; 0 before the first."""
        return self._process.pid if self._process else 0

    async def start(self) -> dict[str, Any]:
        """Begin the first life, or the next one after `stop` or `kill`; return what it says when it is ready."""
        self._wanted = True
        process = self._begin()
        said: dict[str, Any] = {}
        if self._port is None:
            said = await process.ready()
        else:
            await process.listens(self._port)
        self._task = asyncio.create_task(self._supervise(), name=self.name)
        return said

    async def kill(self) -> None:
        """SIGKILL, and no next life until `start`."""
        await self._end()
        if self._process is not None:
            self.killed += 1
            self._process.kill()

    async def stop(self) -> None:
        """SIGTERM, and no next life until `start`."""
        await self._end()
        if self._process is not None:
            await self._process.stop()

    async def restart(self) -> None:
        """SIGTERM, and up again."""
        await self.stop()
        await self.start()

    async def ready(self) -> None:
        """Return when the newest life is ready, also one that was started after a death."""
        if self._process is not None:
            await self._process.ready()

    def stop_for_now(self) -> None:
        """SIGSTOP: it does nothing until `go_on`, and its sockets stay open."""
        if self._process is not None:
            self._process.send(signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        if self._process is not None:
            self._process.send(signal.SIGCONT)

    @property
    def stopped(self) -> bool:
        return self._process is not None and self._process.stopped

    def tail(self) -> str:
        """Return the last words of the newest life."""
        return self._process.tail() if self._process else ""

    def _begin(self) -> Process:
        self._count += 1
        plan = {"PROSA_FAILPOINTS": self._plans[0]} if self._plans else {}
        name = f"{self.name}-life-{self._count}"
        self._process = Process(name, self._command, self._folder, {**self._environment, **plan})
        return self._process

    async def _supervise(self) -> None:
        while self._wanted and self._process is not None and len(self.accidents) < HOPELESS:
            status = await self._process.ended()
            if not self._wanted:
                return
            self.deaths.append(time.monotonic())
            if status == -signal.SIGKILL and self._plans:
                self.fired[name_of(self._plans.pop(0))] += 1
            else:
                self.accidents.append(f"{self._process.name} ended with {status}:\n{self._process.tail()}")
            self._begin()

    async def _end(self) -> None:
        self._wanted = False
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
