"""Everything that `prosa up` starts, in order: database, flows, Temporal, demo ERP, workers, gateway."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from domain.errors import OperatorError
from journal import database
from prosa import demo_erp, entry_flows, temporal_server
from prosa.plan import Plan
from prosa.programs import python
from prosa.steps import Steps
from prosa.supervisor import Supervisor, supervised
from prosa.temporal_client import reached
from runtime.data_folder import occupied
from runtime.wording import clock_now

TEMPORAL_PATIENCE = 10.0
"""Seconds that a Temporal which is not ours may take to answer."""


@dataclass(frozen=True)
class Running:
    """Everything started: where it is, and who watches it."""

    plan: Plan
    url: str
    """The gateway's address."""
    supervisor: Supervisor


@asynccontextmanager
async def running(console: Console, plan: Plan, *, workers: int = 1) -> AsyncGenerator[Running]:
    """Start everything that *plan* says, showing each step; stop it all when the block is left."""

    def say(text: str) -> None:
        console.print(f"[dim]{clock_now()}[/] {text}")

    def stopping() -> None:
        console.print("[dim]stopping…[/]")

    with occupied(plan.settings.data) as announce:
        async with supervised(plan.settings.data / "logs", say, stopping=stopping) as supervisor:
            with Steps(console) as steps:
                await _prepare(plan, steps)
                url = await _start(plan, supervisor, steps, workers)
            announce(
                {
                    "gateway_port": plan.settings.gateway.port,
                    "temporal_port": plan.settings.temporal.port,
                    "temporal_ui_port": plan.settings.temporal.ui_port,
                    "lacking": [lack.name for lack in plan.lacks],
                }
            )
            yield Running(plan, url, supervisor)


async def _prepare(plan: Plan, steps: Steps) -> None:
    settings = plan.settings
    with steps.step("database", "upgrading") as step:
        applied = await asyncio.to_thread(database.upgrade, settings.database_url)
        step.say(f"upgraded to {applied[-1]}" if applied else "up to date")
    with steps.step("flows", "publishing") as step:
        step.say(await entry_flows.prepare(settings))


async def _start(plan: Plan, supervisor: Supervisor, steps: Steps, workers: int) -> str:
    """Start the processes, those side by side that do not need each other; return the gateway's address."""
    await _together(_temporal(plan, supervisor, steps), _erps(plan, supervisor, steps))
    _, url = await _together(_workers(plan, supervisor, steps, workers), _gateway(plan, supervisor, steps))
    return url


async def _temporal(plan: Plan, supervisor: Supervisor, steps: Steps) -> str:
    settings = plan.settings
    with steps.step("temporal", "starting") as step:
        if plan.embedded:
            await supervisor.start(temporal_server.program(settings))
            step.say(f"pages at {plan.ui}")
            return plan.ui
        try:
            await asyncio.wait_for(temporal_server.answers(settings), TEMPORAL_PATIENCE)
        except TimeoutError:
            async with reached(settings):  # says why, if it can be told
                pass
            raise OperatorError(
                f"no Temporal answers at {settings.temporal.address!r} (temporal.address) "
                f"with the namespace {settings.temporal.namespace!r}"
            ) from None
        step.say(f"the one at {settings.temporal.address}")
        return ""


async def _erps(plan: Plan, supervisor: Supervisor, steps: Steps) -> str:
    if plan.erps:
        with steps.step("demo ERP", "starting") as step:
            programs = [demo_erp.program(erp, plan.settings, number) for number, erp in enumerate(plan.erps)]
            await supervisor.start(*programs)
            step.say(", ".join(erp.url for erp in plan.erps))
    return ""


async def _workers(plan: Plan, supervisor: Supervisor, steps: Steps, count: int) -> str:
    with steps.step("workers", "starting") as step:
        names = ["worker"] if count == 1 else [f"worker-{number}" for number in range(1, count + 1)]
        programs = [
            python(name, "workers", environment={**plan.environment, **_pages(plan, number)})
            for number, name in enumerate(names)
        ]
        await supervisor.start(*programs)
        step.say("1 process" if count == 1 else f"{count} processes")
    return ""


def _pages(plan: Plan, number: int) -> dict[str, str]:
    """Give each worker a port of its own for its pages, from the one in the settings upwards."""
    port = plan.settings.metrics.worker_port
    return {"PROSA_METRICS__WORKER_PORT": str(port + number)} if port else {}


async def _gateway(plan: Plan, supervisor: Supervisor, steps: Steps) -> str:
    with steps.step("gateway", "starting") as step:
        [announced] = await supervisor.start(python("gateway", "prosa", "gateway", environment=plan.environment))
        url = str(announced["url"])
        step.say(url)
    return url


async def _together(*jobs: Coroutine[Any, Any, str]) -> list[str]:
    """Do *jobs* at once and return what they return; when one fails, the others end before its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
