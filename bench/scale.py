"""Ten thousand open conversations: the worker's memory, how long lists of them take, and a restart of the worker."""

import asyncio
import random
from collections.abc import Iterator, Mapping
from typing import Final

from rich.table import Table

from bench.driver import Driver
from bench.measures import Say
from bench.processes import resident_bytes, timed
from bench.report import KIB, MIB
from bench.results import Scale
from runtime.sections import ConversationSection

KEPT: Final = ConversationSection().kept_in_memory
_STEP: Final = 1_000
"""Conversations that are opened between two looks at the worker's memory."""
_AT_ONCE: Final = 40
ANSWERED: Final = 100
"""Conversations that say something as soon as the worker is there again."""


async def measure(driver: Driver, found: Scale, say: Say) -> None:
    """Open as many conversations as *found* says, list them, and start the worker again; all goes into *found*."""
    count = found.open
    contacts: list[str] = []
    loop = asyncio.get_running_loop()
    async with driver.stack.working() as worker:
        contacts += await driver.open("first", 1)
        found.memory[0] = resident_bytes(worker.pid)
        while (left := count - len(contacts) + 1) > 0:
            say(f"opening {count:,} conversations: {count - left:,} are open")
            began = loop.time()
            contacts += await driver.open(f"open-{len(contacts)}", min(_STEP, left), at_once=_AT_ONCE)
            found.opening_seconds += loop.time() - began
            found.memory[len(contacts) - 1] = resident_bytes(worker.pid)
        for name, command in driver.stack.commands.items():
            say(f"{name}, with {count:,} open")
            found.commands[name] = await timed(command, driver.stack.folder)
    say(f"the worker is started again, {min(ANSWERED, count)} contacts speak")
    began = loop.time()
    async with driver.stack.working():
        found.ready_seconds = loop.time() - began
        some = random.Random(1).sample(contacts, min(ANSWERED, count))
        found.answered = sorted(found.ready_seconds + seconds for seconds in await driver.burst(some, 1))


def turns(count: int) -> int:
    """Return how many turns `measure` takes."""
    return count + 1 + min(ANSWERED, count)


def tables(measured: Mapping[str, Scale]) -> Iterator[Table]:
    """Return the table of what was measured, by system."""
    if not measured:
        return
    rows: dict[str, dict[str, str]] = {}
    for system, found in measured.items():
        for title, value in _rows(found):
            rows.setdefault(title, {})[system] = value
    table = Table(title=f"{max(found.open for found in measured.values()):,} open conversations", title_style="bold")
    table.add_column("measure")
    for system in measured:
        table.add_column(system, justify="right")
    for title, values in rows.items():
        table.add_row(title, *(values.get(system, "") for system in measured))
    yield table


def _rows(found: Scale) -> Iterator[tuple[str, str]]:
    """Yield what there is: a run that was interrupted has measured less."""
    memory, opened = found.memory, max(found.memory, default=0)
    if not opened:
        return
    within = max(count for count in memory if count <= KEPT)
    if opened < found.open:
        yield "opened until it was interrupted", f"{opened:,}"
    yield "opened a second", f"{opened / found.opening_seconds:.1f}"
    yield "worker, MiB resident, with none open", f"{memory[0] / MIB:.0f}"
    yield "worker, MiB resident, with all of them", f"{memory[opened] / MIB:.0f}"
    if within:
        each = (memory[within] - memory[0]) / KIB / within
        yield f"worker, KiB a conversation, up to the {KEPT:,} that it keeps", f"{each:.1f}"
    if opened > within:
        each = (memory[opened] - memory[within]) / KIB / (opened - within)
        yield "worker, KiB a conversation, beyond", f"{each:.1f}"
    for name, seconds in found.commands.items():
        yield f"{name}, s", f"{seconds:.1f}"
    if found.answered:
        yield "worker started again: ready after, s", f"{found.ready_seconds:.1f}"
        yield "worker started again: first conversation answered after, s", f"{found.answered[0]:.1f}"
        yield f"worker started again: {len(found.answered)} answered after, s", f"{found.answered[-1]:.1f}"
