"""Load beside attack: how long other visitors wait while one address attacks by each means, and while nobody does."""

import asyncio
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import httpx
from rich.table import Table
from rich.text import Text

from bench.arithmetic import percentile
from bench.attacker import ADDRESS, MEANS, SITE
from bench.processes import cpu_seconds, python, running
from bench.results import Attack
from bench.stacks import Stack
from bench.visitors import Visitor, visiting

Say = Callable[[str], None]
Step = Callable[[], None]

QUIET: Final = "nobody"
VISITORS: Final = 6
MOST: Final = 1.5
"""How many times as long the p95 may be under attack ..."""
ENOUGH: Final = 0.1
"""... where it is more than so many seconds."""
_SESSIONS: Final = 15
"""Sessions of the attacker; one address may open 20 a minute."""
_BEGIN: Final = 3.0
"""Seconds from the beginning of an attack until it counts."""


async def measure(stack: Stack, rounds: int, found: Attack, say: Say, step: Step) -> None:
    """Have visitors talk beside each attack in turn, *rounds* times; all goes into *found*."""
    async with stack.working(), visiting(stack.url, VISITORS) as visitors:
        tokens = await _sessions(stack.url)
        for number in range(rounds):
            for means in (QUIET, *MEANS):
                say(f"round {number + 1} of {rounds}: {means} attacks")
                await _beside(stack, means, tokens, visitors, found)
                step()
                await asyncio.sleep(_BEGIN)


def turns(rounds: int) -> int:
    """Return how often `measure` calls its *step*."""
    return rounds * (1 + len(MEANS))


async def _beside(stack: Stack, means: str, tokens: Sequence[str], visitors: Sequence[Visitor], found: Attack) -> None:
    if means == QUIET:
        await _talk(stack, means, visitors, found)
        return
    async with running(python("bench.attacker", means, stack.url, *tokens), "attacker", stack.folder) as attacker:
        await attacker.ready()
        await asyncio.sleep(_BEGIN)
        await _talk(stack, means, visitors, found)
        attacker.check()


async def _talk(stack: Stack, means: str, visitors: Sequence[Visitor], found: Attack) -> None:
    before, refused = cpu_seconds(stack.gateway.pid), [visitor.refused.copy() for visitor in visitors]
    talks = await asyncio.gather(*(visitor.talk(found.seconds) for visitor in visitors))
    found.times.setdefault(means, []).append([seconds for times in talks for seconds in times])
    used = (cpu_seconds(stack.gateway.pid) - before) / found.seconds
    found.gateway.setdefault(means, []).append(used)
    count = found.refused.setdefault(means, Counter())
    for visitor, earlier in zip(visitors, refused, strict=True):
        count.update(visitor.refused - earlier)
    stack.check()


async def _sessions(url: str) -> list[str]:
    async with httpx.AsyncClient(base_url=url, headers={"x-forwarded-for": ADDRESS}) as http:
        answers = [await http.post(f"/webchat/{SITE}/sessions") for _ in range(_SESSIONS)]
    return [str(answer.raise_for_status().json()["token"]) for answer in answers]


def tables(found: Attack) -> Iterator[Table]:
    """Return the table of what was measured; nothing before the first round without an attack."""
    if QUIET not in found.times:
        return
    table = Table(title="Other visitors, message to reply, while one address attacks", title_style="bold")
    for title in ("attack", "turns", "p50, ms", "p95, ms", "p95, times that without", "gateway, cores", "refused", ""):
        table.add_column(title, justify="left" if title in {"attack", ""} else "right")
    for means in found.times:
        table.add_row(*_row(found, means))
    yield table


def _row(found: Attack, means: str) -> Iterator[str | Text]:
    times = [seconds for round_ in found.times[means] for seconds in round_]
    p95, ratio = _p95(found, means), _ratio(found, means)
    met = p95 <= ENOUGH or ratio <= MOST
    yield from (means, f"{len(times)}", f"{percentile(times, 50) * 1000:.0f}", f"{p95 * 1000:.0f}", f"{ratio:.2f}")
    yield f"{statistics.mean(found.gateway[means]):.2f}"
    yield _counted(found.refused[means])
    yield "" if means == QUIET else Text("met", "bold green") if met else Text("not met", "bold red")


def _p95(found: Attack, means: str) -> float:
    """Return the median of the rounds' 95th percentiles, in seconds."""
    return statistics.median(percentile(times, 95) for times in found.times[means])


def _ratio(found: Attack, means: str) -> float:
    """Return how many times as long it is as in the same round without an attack: the median of the rounds."""
    rounds = zip(found.times[means], found.times[QUIET], strict=False)  # an interrupted round has less
    return statistics.median(percentile(ours, 95) / percentile(quiet, 95) for ours, quiet in rounds)


def _counted(statuses: Mapping[int, int]) -> str:
    return ", ".join(f"{count} of {status}" for status, count in sorted(statuses.items())) or "0"
