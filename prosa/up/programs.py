"""A program that the supervisor runs: its command, its sign of readiness, and its process."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from domain.errors import OperatorError
from runtime.source import ROOT

TAIL: Final = 8
"""Lines of a log that an error shows."""
TAIL_BYTES: Final = 64 * 1024
"""Bytes at the end of a log that are looked at for them."""
LINE: Final = 1024 * 1024
"""Bytes of one line that a program may print."""


@dataclass(frozen=True)
class Program:
    """One program to run; without `ready` it prints one line of JSON with `"ready": true` on stdout."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    ready: Callable[[], Awaitable[None]] | None = None
    """Returns once the program answers."""
    patience: float = 60
    """Seconds that it may take until it is ready."""


def python(name: str, module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Program:
    """Return the program that runs one of our own modules."""
    return Program(name, (sys.executable, "-P", "-m", module, *arguments), environment or {})


def how(status: int) -> str:
    """Return in words how a process ended."""
    return f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"


class Child:
    """A running program, in a process group of its own; its output goes to its log."""

    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self.log = log
        self._process: Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._announced: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    async def begin(self) -> None:
        """Start the process; it dies with this one."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        search = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, **self.program.environment, "PYTHONPATH": search}
        tied = (sys.executable, "-P", "-m", "prosa.up.child", str(os.getpid()), *self.program.command)
        self._announced = asyncio.get_running_loop().create_future()
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *tied, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=log, start_new_session=True, limit=LINE
            )
        self._reader = asyncio.create_task(self._read(self._process))

    async def ready(self) -> dict[str, Any]:
        """Wait until the program is ready, and return its announcement.

        OperatorError when it ends before that or takes longer than its patience.
        """
        ended = asyncio.create_task(self.ended())
        announced = asyncio.create_task(self._wait_ready())
        try:
            done, _ = await asyncio.wait(
                {ended, announced}, timeout=self.program.patience, return_when=asyncio.FIRST_COMPLETED
            )
            if announced in done:
                return announced.result()
            found = f"it ended {how(ended.result())}" if ended in done else "it still is not"
        finally:
            for task in (ended, announced):
                task.cancel()
        raise OperatorError(f"expected {self.program.name} to be ready within {self.program.patience:g} s, {found}")

    async def ended(self) -> int:
        """Wait for the end of the process, and of everything that it printed; return its status."""
        process = self._running
        status = await process.wait()
        if self._reader is not None:
            with suppress(TimeoutError):  # a grandchild may still hold the pipe
                await asyncio.wait_for(asyncio.shield(self._reader), timeout=1)
        return status

    async def stop(self, grace: float) -> None:
        """Ask the process to end; after *grace* seconds, kill its group."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), timeout=grace)
        self.kill()
        await self._process.wait()
        if self._reader is not None:
            self._reader.cancel()

    def kill(self) -> None:
        """Kill the process and its children."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
                os.killpg(self._process.pid, signal.SIGKILL)

    def tail(self, lines: int = TAIL) -> str:
        """Return the last *lines* of the log."""
        end = b""
        if self.log.exists():
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - TAIL_BYTES))
                end = log.read()
        last = end.decode("utf-8", errors="replace").splitlines()[-lines:]
        return "\n".join(f"  {line[:400]}" for line in last) or "  (nothing was logged)"

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._running.pid

    @property
    def _running(self) -> Process:
        if self._process is None:
            raise OperatorError(f"{self.program.name} was not started")
        return self._process

    async def _wait_ready(self) -> dict[str, Any]:
        if self.program.ready is None:
            return await self._announced
        await self.program.ready()
        return {"ready": True}

    async def _read(self, process: Process) -> None:
        """Copy the program's output into its log, and look for the line that announces it ready."""
        if process.stdout is None:
            return
        with self.log.open("ab") as log:
            async for line in process.stdout:
                log.write(line)
                log.flush()
                if not self._announced.done() and (said := _announcement(line)):
                    self._announced.set_result(said)


def _announcement(line: bytes) -> dict[str, Any] | None:
    try:
        said: object = json.loads(line)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    announced = cast("dict[str, Any]", said)
    return announced if announced.get("ready") is True else None
