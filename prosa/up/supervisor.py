"""The supervisor: starts programs, starts those that end again for ever, and leaves none behind."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final

from domain.errors import OperatorError
from prosa.up.failure_reports import FailureReports, Say
from prosa.up.log_rotation import ROTATION, Rotation, keep_rotating
from prosa.up.programs import Child, Program, how


@dataclass(frozen=True)
class Times:
    """Waits of the supervisor, in seconds."""

    pauses: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 15.0)
    """Before each restart in a row; the last one stays."""
    healthy: float = 60.0
    """Of work, after which a failure counts as the first again."""
    every: float = 60.0
    """Between two reports about one program that keeps failing."""
    grace: float = 5.0
    """That a program has to end by itself before it is killed."""


TIMES: Final = Times()


class Supervisor:
    """Runs programs in waves, and stops them in reverse order when its block is left."""

    def __init__(self, logs: Path, say: Say, times: Times = TIMES, rotation: Rotation = ROTATION) -> None:
        self.logs = logs
        self._rotating = asyncio.create_task(keep_rotating(lambda: [child.log for child in self._children()], rotation))
        self._say = say
        self._times = times
        self._waves: list[list[Child]] = []
        self._watchers: list[asyncio.Task[None]] = []

    async def start(self, *programs: Program) -> list[dict[str, Any]]:
        """Start *programs* together, wait until all are ready, and return the announcement of each.

        OperatorError, with the end of its log, for one that does not become ready. Once ready, they are started again
        for ever.
        """
        wave = self._wave(programs)
        announced = await asyncio.gather(*(_started(child) for child in wave))
        self._watchers += [asyncio.create_task(self._watch(child)) for child in wave]
        return announced

    async def attempt(self, *programs: Program) -> list[str]:
        """Start *programs* together, and return the names of those that did not become ready.

        Why is said; they are tried again for ever, as those that were ready and ended.
        """
        wave = self._wave(programs)
        troubles = await asyncio.gather(*(_trouble_starting(child) for child in wave))
        for child, trouble in zip(wave, troubles, strict=True):
            self._watchers.append(asyncio.create_task(self._watch(child, trouble)))
        return [child.program.name for child, trouble in zip(wave, troubles, strict=True) if trouble]

    async def watch(self) -> None:
        """Stay until cancelled: no program's end ends this."""
        await asyncio.gather(*self._watchers)

    async def stop(self) -> None:
        """Stop everything, the youngest wave first, each within the grace."""
        for task in (self._rotating, *self._watchers):
            task.cancel()
        await asyncio.gather(self._rotating, *self._watchers, return_exceptions=True)
        while self._waves:
            await asyncio.gather(*(child.stop(self._times.grace) for child in self._waves[-1]))
            self._waves.pop()

    def kill(self) -> None:
        """Kill everything at once."""
        for child in self._children():
            child.kill()

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes, in the order of their start."""
        return [child.pid for child in self._children()]

    def tails(self, lines: int) -> Iterator[tuple[Path, str]]:
        """Yield each log with its last lines."""
        for child in self._children():
            yield child.log, child.tail(lines)

    def _wave(self, programs: Iterable[Program]) -> list[Child]:
        wave = [Child(program, self.logs / f"{program.name}.log") for program in programs]
        self._waves.append(wave)
        return wave

    def _children(self) -> list[Child]:
        return [child for wave in self._waves for child in wave]

    async def _watch(self, child: Child, trouble: str = "") -> None:
        """Start *child* again whenever it has ended; *trouble* says why it is not ready now."""
        times = self._times
        reports = FailureReports(child, self._say, every=times.every)
        failures = 0
        while True:
            if not trouble:
                since = monotonic()
                trouble = f"{child.program.name} ended {how(await child.ended())}"
                failures = 0 if monotonic() - since >= times.healthy else failures
            pause = times.pauses[min(failures, len(times.pauses) - 1)]
            failures += 1
            reports.failed(trouble, failures, pause)
            await asyncio.sleep(pause)
            trouble = await _trouble_starting(child)
            if not trouble:
                reports.back()


async def _started(child: Child) -> dict[str, Any]:
    """Start *child*, and return its announcement; OperatorError, with the end of its log, when it is not ready."""
    await child.begin()
    try:
        return await child.ready()
    except OperatorError as error:
        raise OperatorError(f"{error}; the end of {child.log}:\n{child.tail()}") from None


async def _trouble_starting(child: Child) -> str:
    """Start *child*, and return why it is not ready: empty when it is; else it has been ended."""
    try:
        await child.begin()
        await child.ready()
    except (OperatorError, OSError) as error:  # OSError: no memory for a process, no room for its log
        await child.stop(0)
        return str(error)
    return ""


@asynccontextmanager
async def supervised(
    logs: Path,
    say: Say,
    *,
    stopping: Callable[[], None] = lambda: None,
    times: Times = TIMES,
    rotation: Rotation = ROTATION,
) -> AsyncGenerator[Supervisor]:
    """Give a supervisor, and stop its programs at the end, also at Ctrl-C, SIGTERM and a closed terminal.

    The first signal cancels the task that is inside; a second one kills the programs without waiting.
    *stopping* is called when the stopping begins.
    """
    supervisor = Supervisor(logs, say, times, rotation)
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    asked = False

    def ask() -> None:
        nonlocal asked
        if asked:
            supervisor.kill()
        elif task is not None:
            asked = True
            task.cancel()

    signals = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # nohup: it shall outlive its terminal
        signals.remove(signal.SIGHUP)
    for number in signals:
        loop.add_signal_handler(number, ask)
    try:
        yield supervisor
    finally:
        asked = True
        stopping()
        try:
            await supervisor.stop()
        finally:
            supervisor.kill()
            for number in signals:
                loop.remove_signal_handler(number)
