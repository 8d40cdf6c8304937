"""Child processes: started, awaited, weighed, and ended by their id."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
_READY: Final = 90
_END: Final = 30


class ProcessError(RuntimeError):
    """A process that is measured did not start, or ended on its own."""


class Running:
    """One child process in a session of its own, so that Ctrl-C reaches only us."""

    def __init__(self, process: Process, name: str, log: Path) -> None:
        self._process = process
        self.name = name
        self.log = log

    @property
    def pid(self) -> int:
        return self._process.pid

    def check(self) -> None:
        """Raise ProcessError when it has ended."""
        if self._process.returncode is not None:
            raise ProcessError(f"{self.name} ended with {self._process.returncode}:\n{self._tail()}")

    async def ready(self) -> dict[str, Any]:
        """Return the line of JSON that says that it has begun."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(_READY):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise ProcessError(f"{self.name} is not ready after {_READY} s:\n{self._tail()}") from None
        if not line:
            raise ProcessError(f"{self.name} did not start:\n{self._tail()}")
        return json.loads(line)

    async def end(self) -> None:
        """Ask it to stop; kill it when it does not."""
        if self._process.returncode is not None:
            return
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(_END):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()

    def kill(self) -> None:
        """End it at once."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        # Popen's own way reaps a process that has just ended, and asyncio then misses it.
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def _tail(self) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-15:])


@asynccontextmanager
async def running(command: Sequence[str], name: str, folder: Path) -> AsyncGenerator[Running]:
    """Run *command* in *folder* while inside; its stderr goes to a log there."""
    log = folder / f"{name}.log"
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=errors,
            start_new_session=True,
            env=_environment(folder),
        )
    started = Running(process, name, log)
    try:
        yield started
    except BaseException:
        started.kill()
        raise
    finally:
        await started.end()


def python(module: str, *arguments: str) -> list[str]:
    """Return the command that runs *module* with our interpreter."""
    return [sys.executable, "-m", module, *arguments]


async def timed(command: Sequence[str], folder: Path) -> float:
    """Run *command* in *folder*; return the seconds that it took, whatever it found."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, env=_environment(folder)
    )
    try:
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
    return loop.time() - began


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of *pid* and its children so far; 0 where there is no /proc."""
    total = 0.0
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        total = sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    return total + sum(cpu_seconds(child) for child in _children(pid))


def resident_bytes(pid: int) -> int:
    """Return the resident memory of *pid* and its children; 0 where there is no /proc."""
    total = 0
    with suppress(OSError):
        total = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total + sum(resident_bytes(child) for child in _children(pid))


def _environment(folder: Path) -> dict[str, str]:
    """Return our environment, without what a shell may have set of Prosa's, and with bytecode.

    The sandbox imports workflow modules anew for every workflow: without bytecode it would compile them anew.
    It is kept beside *folder*, so that it serves the whole run and nothing is left in the source tree.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("PROSA_")}
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    return own | {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder.parent / "bytecode")}


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text(encoding="utf-8").split()]
    return found
