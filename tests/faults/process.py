"""One program as a process of its own: started, waited for, killed by its own id; its output is kept in files."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
BOOT_SECONDS: Final = 90.0
"""A hang limit, not an expectation: the machine may be busy with other tests."""
TAIL_LINES: Final = 30


class NotReadyError(Exception):
    """A program died, or said nothing, before it was ready."""


class Process:
    """One life of a program."""

    def __init__(self, name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        self._out = folder / f"{name}.out"
        self._err = folder / f"{name}.err"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._popen = subprocess.Popen(
                command,
                cwd=folder,
                env={**_inherited(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    @property
    def pid(self) -> int:
        return self._popen.pid

    async def ready(self) -> dict[str, Any]:
        """Return the line of JSON with which our programs say that they are ready; NotReadyError when it dies first."""
        async with _limit(self):
            while self.alive:
                for line in self._out.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True):
                    if line.startswith('{"ready"') and line.endswith("\n"):
                        return json.loads(line)
                await asyncio.sleep(0.05)
        raise NotReadyError(f"{self.name} ended with {self._popen.returncode} before it was ready:\n{self.tail()}")

    async def listens(self, port: int) -> None:
        """Return when something takes connections on *port*; NotReadyError when the process dies first."""
        async with _limit(self):
            while self.alive:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        return
                await asyncio.sleep(0.05)
        raise NotReadyError(f"{self.name} ended with {self._popen.returncode} before it listened:\n{self.tail()}")

    async def ended(self) -> int:
        """Return the exit status, negative for a signal."""
        while (status := self._popen.poll()) is None:  # noqa: ASYNC110 - a process sets no event of asyncio's
            await asyncio.sleep(0.02)
        return status

    @property
    def stopped(self) -> bool:
        """Whether a signal has stopped it, without ending it."""
        command = ["ps", "-o", "state=", "-p", str(self._popen.pid)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.startswith("T")

    def send(self, number: int) -> None:
        """Send it a signal."""
        self._popen.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, as the power would; returns when it is dead."""
        self._popen.kill()
        self._popen.wait(30)

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL when that is not heard."""
        self._popen.terminate()
        try:
            async with asyncio.timeout(30):
                await self.ended()
        except TimeoutError:
            self.kill()

    def tail(self) -> str:
        """Return the last lines of what it wrote."""
        text = "".join(file.read_text(encoding="utf-8", errors="replace") for file in (self._out, self._err))
        return "\n".join(text.splitlines()[-TAIL_LINES:])


def python(module: str, *arguments: str) -> list[str]:
    """Return the command that runs *module* of this repository."""
    return [sys.executable, "-m", module, *arguments]


def _inherited() -> dict[str, str]:
    """Return the environment without what the one who runs the tests has set for a Prosa of his own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PROSA_", "TEMPORAL_"))}
    return kept | {"PYTHONPATH": str(ROOT)}


def _limit(process: Process) -> asyncio.Timeout:
    return asyncio.timeout(BOOT_SECONDS)
