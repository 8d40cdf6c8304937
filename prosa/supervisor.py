"""The supervisor: starts programs, watches them, restarts those that crash, and leaves none behind."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any, Final

from domain.errors import OperatorError
from prosa.programs import Child, Program, how

GRACE: Final = 5.0
"""Seconds that a program has to end by itself before it is killed."""
PAUSES: Final = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each restart in a row; after the last one the program is given up."""
HEALTHY: Final = 60.0
"""Seconds after which a crash counts as the first again."""

Say = Callable[[str], None]


class Supervisor:
    """Runs programs in waves, and stops them in reverse order when its block is left."""

    def __init__(self, logs: Path, say: Say, *, pauses: tuple[float, ...] = PAUSES, grace: float = GRACE) -> None:
        self.logs = logs
        self._say = say
        self._pauses = pauses
        self._grace = grace
        self._waves: list[list[Child]] = []
        self._watchers: list[asyncio.Task[None]] = []
        self._given_up: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def start(self, *programs: Program) -> list[dict[str, Any]]:
        """Start *programs* together, wait until all are ready, and return what each announced."""
        wave = [Child(program, self.logs / f"{program.name}.log") for program in programs]
        self._waves.append(wave)
        for child in wave:
            await child.begin()
        announced = await asyncio.gather(*(child.ready() for child in wave))
        self._watchers += [asyncio.create_task(self._watch(child)) for child in wave]
        return announced

    async def watch(self) -> None:
        """Stay until a program has been given up: OperatorError says which, and why."""
        await asyncio.shield(self._given_up)

    async def stop(self) -> None:
        """Stop everything, the youngest wave first, each within the grace."""
        for child in self._children():
            child.stopping = True
        for watcher in self._watchers:
            watcher.cancel()
        while self._waves:
            await asyncio.gather(*(child.stop(self._grace) for child in self._waves[-1]))
            self._waves.pop()
        self._given_up.cancel()

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

    def _children(self) -> list[Child]:
        return [child for wave in self._waves for child in wave]

    async def _watch(self, child: Child) -> None:
        crashes = 0
        while True:
            since = monotonic()
            status = await child.ended()
            if child.stopping:
                return
            crashes = 1 if monotonic() - since > HEALTHY else crashes + 1
            name = child.program.name
            if crashes > len(self._pauses):
                times = f"{crashes} times in a row"
                self._give_up(f"{name} ended {times}, the last time {how(status)}; the end of {child.log}:", child)
                return
            pause = self._pauses[crashes - 1]
            self._say(
                f"[yellow]{name} ended {how(status)}; starting it again in {pause:g} s "
                f"({crashes} of {len(self._pauses)})[/]"
            )
            await asyncio.sleep(pause)
            if await self._again(child):
                self._say(f"[green]{name} is back[/]")

    async def _again(self, child: Child) -> bool:
        """Begin *child* anew; a failure to become ready is seen by the next look at its end."""
        await child.begin()
        try:
            await child.ready()
        except OperatorError:
            child.kill()
            child.stopping = False
            return False
        return True

    def _give_up(self, sentence: str, child: Child) -> None:
        if not self._given_up.done():
            self._given_up.set_exception(OperatorError(f"{sentence}\n{child.tail()}"))


@asynccontextmanager
async def supervised(
    logs: Path, say: Say, *, stopping: Callable[[], None] = lambda: None, pauses: tuple[float, ...] = PAUSES
) -> AsyncGenerator[Supervisor]:
    """Give a supervisor, and stop its programs at the end, also at Ctrl-C, SIGTERM and a closed terminal.

    The first signal cancels the task that is inside; a second one kills the programs without waiting.
    *stopping* is called when the stopping begins.
    """
    supervisor = Supervisor(logs, say, pauses=pauses)
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
