"""One run: every system in turn, each round in another order, each time on fresh processes and an empty folder."""

import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

from bench import attack, language, scale
from bench import provider as providers
from bench.driver import Driver, driving
from bench.measures import measure_once, measure_round
from bench.plan import Plan
from bench.prosa_stack import postgresql_stack, prosa_stack
from bench.provider import Provider
from bench.results import LEAN, NOT_IDEMPOTENT, POSTGRESQL, PROSA, USUAL, Results, Scale
from bench.stacks import Stack, floor_stack

StartStack = Callable[[Provider, Path], AbstractAsyncContextManager[Stack]]

_STACKS: Final[dict[str, StartStack]] = {
    USUAL: lambda provider, folder: floor_stack(USUAL, provider, folder),
    PROSA: lambda provider, folder: prosa_stack(provider, folder, idempotent=True),
    LEAN: lambda provider, folder: floor_stack(LEAN, provider, folder),
    NOT_IDEMPOTENT: lambda provider, folder: prosa_stack(provider, folder, idempotent=False),
    POSTGRESQL: postgresql_stack,
}
_AT_SCALE: Final = (PROSA, USUAL)


class Progress:
    """Is told what runs, and of every turn that was taken."""

    def now(self, what: str) -> None:
        """Say what runs now."""

    def turn(self) -> None:
        """Count one turn."""


async def run(plan: Plan, results: Results, progress: Progress) -> None:
    """Measure everything in *plan* into *results*; all processes and folders are gone when it returns or raises."""
    with tempfile.TemporaryDirectory(prefix="prosa-bench-", ignore_cleanup_errors=True) as folder:
        bench = _Bench(Path(folder), results, progress)
        if plan.scale:
            await _measure_scale(plan, bench)
            return
        if plan.attack:
            await _measure_attack(plan, bench)
            return
        await _measure_rounds(plan, bench)
        for system in (USUAL, PROSA, LEAN):
            async with bench.stack(system) as driver:
                found = await measure_once(driver, plan, lambda what, s=system: progress.now(f"{s}: {what}"))
            results.once[system] = found
    await language.measure(plan, results.language, progress.now, progress.turn)


async def _measure_rounds(plan: Plan, bench: "_Bench") -> None:
    systems = _systems(plan)
    for number in range(plan.rounds):
        first = number % len(systems)
        for system in systems[first:] + systems[:first]:
            where = f"round {number + 1} of {plan.rounds}, {system}"
            async with bench.stack(system) as driver:
                found = await measure_round(driver, plan, lambda what, w=where: bench.progress.now(f"{w}: {what}"))
            bench.results.rounds.setdefault(system, []).append(found)


async def _measure_scale(plan: Plan, bench: "_Bench") -> None:
    for system in _AT_SCALE:
        bench.results.scale[system] = found = Scale(plan.scale)
        async with bench.stack(system) as driver:
            await scale.measure(driver, found, lambda what, s=system: bench.progress.now(f"{s}: {what}"))


async def _measure_attack(plan: Plan, bench: "_Bench") -> None:
    found = bench.results.attack
    found.seconds = plan.attack
    async with bench.stack(PROSA) as driver:
        await attack.measure(driver.stack, plan.rounds, found, bench.progress.now, bench.progress.turn)


def turns(plan: Plan) -> int:
    """Return how many turns a run of *plan* takes in all."""
    if plan.scale:
        return len(_AT_SCALE) * scale.turns(plan.scale)
    if plan.attack:
        return attack.turns(plan.rounds)
    return language.turns(plan) + 3 * plan.once_turns + plan.rounds * len(_systems(plan)) * plan.round_turns


def _systems(plan: Plan) -> list[str]:
    left_out = {NOT_IDEMPOTENT: not plan.not_idempotent, POSTGRESQL: not plan.postgresql}
    return [system for system in _STACKS if not left_out.get(system)]


class _Bench:
    """Starts each system in a folder of its own below *folder*."""

    def __init__(self, folder: Path, results: Results, progress: Progress) -> None:
        self.progress = progress
        self._folder = folder
        self.results = results

    @asynccontextmanager
    async def stack(self, system: str) -> AsyncGenerator[Driver]:
        """Run *system* while inside."""
        self.progress.now(f"{system}: starting Temporal and gateway")
        repeats, again = self.results.repeats, self.results.posted_again
        with tempfile.TemporaryDirectory(dir=self._folder, ignore_cleanup_errors=True) as folder:
            async with providers.serve() as provider, _STACKS[system](provider, Path(folder)) as stack:
                async with driving(stack, self.progress.turn) as driver:
                    yield driver
                again[system] = again.get(system, 0) + driver.posted_again
                self.progress.now(f"{system}: stopping")
            repeats[system] = repeats.get(system, 0) + provider.repeats
