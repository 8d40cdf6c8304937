"""Everything that `prosa up` starts: database, flows; then the gateway, and beside it Temporal, demo ERP, workers."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from domain.errors import OperatorError
from journal import database
from prosa.up import demo_erp, entry_flows, temporal_server
from prosa.up.plan import Plan
from prosa.up.programs import Program, python
from prosa.up.progress import Step, Steps
from prosa.up.supervisor import Supervisor, supervised
from runtime.data_folder import occupied
from runtime.settings import Settings
from runtime.wording import clock_now
from usecases.temporal_client import reached

TEMPORAL_PATIENCE = 10.0
"""Seconds that a Temporal which is not ours may take to answer."""


@dataclass(frozen=True)
class Running:
    """The started programs: their addresses and their supervisor."""

    plan: Plan
    url: str
    """The gateway's address."""
    supervisor: Supervisor
    missing: tuple[str, ...] = ()
    """Parts that were not ready at the start and are tried again."""


@asynccontextmanager
async def running(
    console: Console, plan: Plan, *, workers: int = 1, fail_fast: bool = False
) -> AsyncGenerator[Running]:
    """Start everything that *plan* says, showing each step; stop it all when the block is left.

    OperatorError when database, flows or gateway do not come up. The gateway takes messages while anything else is
    tried again; with *fail_fast*, that is an OperatorError too.
    """

    def say(text: str) -> None:
        with suppress(OSError, SystemExit):  # rich exits when nobody reads its output any more; contacts still write
            console.print(f"[dim]{clock_now()}[/] {text}")

    def stopping() -> None:
        say("[dim]stopping…[/]")

    with occupied(plan.settings.data) as announce:
        async with supervised(plan.settings.data / "logs", say, stopping=stopping) as supervisor:
            with Steps(console) as steps:
                await _prepare(plan, steps)
                start = _Start(plan, supervisor, steps, fail_fast=fail_fast)
                url, missing = await start.everything(workers)
            announce(
                {
                    "gateway_port": plan.settings.gateway.port,
                    "temporal_port": plan.settings.temporal.port,
                    "temporal_ui_port": plan.settings.temporal.ui_port,
                    "lacking": [lack.name for lack in plan.lacks],
                }
            )
            yield Running(plan, url, supervisor, missing)


async def _prepare(plan: Plan, steps: Steps) -> None:
    settings = plan.settings
    with steps.step("database", "upgrading") as step:
        applied = await asyncio.to_thread(database.upgrade, settings.database_url)
        step.say(f"upgraded to {applied[-1]}" if applied else "up to date")
    with steps.step("flows", "publishing") as step:
        step.say(await entry_flows.prepare(settings))


class _Start:
    """Starts the processes, those side by side that do not need each other."""

    def __init__(self, plan: Plan, supervisor: Supervisor, steps: Steps, *, fail_fast: bool) -> None:
        self._plan = plan
        self._supervisor = supervisor
        self._steps = steps
        self._fail_fast = fail_fast
        self._missing: list[str] = []

    async def everything(self, workers: int) -> tuple[str, tuple[str, ...]]:
        """Return the gateway's address, and the parts that are not ready."""
        _, url = await _together(self._all_but_gateway(workers), self._gateway())
        return url, tuple(self._missing)

    async def _all_but_gateway(self, workers: int) -> str:
        await _together(self._temporal(), self._erps())
        await self._workers(workers)
        return ""

    async def _temporal(self) -> str:
        settings = self._plan.settings
        with self._steps.step("temporal", "starting") as step:
            if self._plan.embedded:
                await self._programs(step, f"pages at {self._plan.ui}", temporal_server.program(settings))
                return ""
            try:
                await asyncio.wait_for(temporal_server.answers(settings), TEMPORAL_PATIENCE)
            except TimeoutError:
                why = await _why_away(settings)
                if self._fail_fast:
                    raise OperatorError(why) from None
                step.fail(f"{why}: messages wait until it does")
                self._missing.append("temporal")
                return ""
            step.say(f"the one at {settings.temporal.address}")
        return ""

    async def _erps(self) -> str:
        erps, settings = self._plan.erps, self._plan.settings
        if erps:
            with self._steps.step("demo ERP", "starting") as step:
                programs = [demo_erp.program(erp, settings, number) for number, erp in enumerate(erps)]
                await self._programs(step, ", ".join(erp.url for erp in erps), *programs)
        return ""

    async def _workers(self, count: int) -> None:
        with self._steps.step("workers", "starting") as step:
            names = ["worker"] if count == 1 else [f"worker-{number}" for number in range(1, count + 1)]
            programs = [
                python(name, "workers", environment={**self._plan.environment, **_pages(self._plan, number)})
                for number, name in enumerate(names)
            ]
            await self._programs(step, "1 process" if count == 1 else f"{count} processes", *programs)

    async def _gateway(self) -> str:
        with self._steps.step("gateway", "starting") as step:
            program = python("gateway", "prosa", "gateway", environment=self._plan.environment)
            [announced] = await self._supervisor.start(program)
            url = str(announced["url"])
            step.say(url)
        return url

    async def _programs(self, step: Step, done: str, *programs: Program) -> None:
        """Start *programs*, and say *done*, or which are not ready."""
        if self._fail_fast:
            await self._supervisor.start(*programs)
        elif missing := await self._supervisor.attempt(*programs):
            self._missing += missing
            step.fail(f"not ready, and tried again until it is: {', '.join(missing)}")
            return
        step.say(done)


async def _why_away(settings: Settings) -> str:
    """Return why the Temporal of *settings* cannot be used, in a sentence."""
    try:
        async with reached(settings):
            pass
    except OperatorError as error:
        return str(error)
    return (
        f"no Temporal answers at {settings.temporal.address!r} (temporal.address) "
        f"with the namespace {settings.temporal.namespace!r}"
    )


def _pages(plan: Plan, number: int) -> dict[str, str]:
    """Give each worker a port of its own for its pages, from the one in the settings upwards."""
    port = plan.settings.metrics.worker_port
    return {"PROSA_METRICS__WORKER_PORT": str(port + number)} if port else {}


async def _together(*jobs: Coroutine[Any, Any, str]) -> list[str]:
    """Run *jobs* at once and return their results; when one fails, the others end before its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
