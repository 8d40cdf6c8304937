"""What Prosa promises of its speed, and whether this run says that it holds."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rich.table import Table
from rich.text import Text

from bench.language import LARGE, SMALL
from bench.report import COLD, figures, of_size
from bench.results import PROSA, USUAL, Results

EVENTS: Final = 5
SHARE_OF_USUAL: Final = 0.8
FLAT: Final = 1.3
"""How much longer a cold turn may take after the third run than after the first, to be called flat."""

OF_SIZE: Final = 1.2
CPU: Final = 1.2
LATENCY: Final = 1.05
MEMORY: Final = 150
"""KiB of the worker for each open conversation; with fewer than OPEN, what a worker needs anyway weighs too much."""
OPEN: Final = 1_000


class Target(NamedTuple):
    """One promise; `met` is None when nothing was measured."""

    promise: str
    found: str
    met: bool | None


def targets(results: Results) -> list[Target]:
    """Judge *results*."""
    found = figures(results)
    by_title = {figure.title: figure for figure in found}
    events = by_title["events"].middle(PROSA) if "events" in by_title else None
    share = by_title["turns a second"].against(USUAL) if "turns a second" in by_title else None
    cpu, p50 = (by_title[title].against(USUAL) if title in by_title else None for title in ("together", "p50, ms"))
    once = results.once.get(PROSA)
    enough = once is not None and once.open >= OPEN
    memory = by_title["worker, KiB a conversation"].middle(PROSA) if enough else None
    cold = {figure.title: figure.middle(PROSA) for figure in found if figure.section == COLD}
    first, third = cold.get("after 39 turns, ms"), cold.get("after 119 turns, ms")
    growth = third / first if first and third else None
    larger = of_size(results.language)
    return [
        _judge(f"{EVENTS} events a plain turn", events, f"{events or 0:g}", (events or 0) <= EVENTS),
        _judge(
            f"at least {SHARE_OF_USUAL} of the turns a second of {USUAL}",
            share,
            f"{share.median:.2f}" if share else "",
            share is not None and share.median >= SHARE_OF_USUAL,
        ),
        _judge(
            f"at most {CPU} times the CPU of {USUAL}, per 1,000 turns",
            cpu,
            f"{cpu.median:.2f}" if cpu else "",
            cpu is not None and cpu.median <= CPU,
        ),
        _judge(
            f"webhook to send at low load, p50: at most {LATENCY} times that of {USUAL}",
            p50,
            f"{p50.median:.2f}" if p50 else "",
            p50 is not None and p50.median <= LATENCY,
        ),
        _judge(
            f"a worker holds at most {MEMORY} KiB for each of {OPEN:,} open conversations",
            memory,
            f"{memory or 0:.0f}",
            (memory or 0) <= MEMORY,
        ),
        _judge(
            f"cold turn flat: after 119 turns at most {FLAT} times that after 39",
            growth,
            f"{growth or 0:.2f}",
            (growth or 0) <= FLAT,
        ),
        _judge(
            f"a turn of a flow of {LARGE} cards takes at most {OF_SIZE} times that of one of {SMALL}",
            larger,
            f"{larger or 0:.2f}",
            (larger or 0) <= OF_SIZE,
        ),
    ]


def table(found: Sequence[Target]) -> Table:
    """Return the last table of the report."""
    shown = Table(title="Targets", title_style="bold")
    for name in ("target", "found", ""):
        shown.add_column(name)
    for target in found:
        verdict = {True: Text("met", "bold green"), False: Text("not met", "bold red"), None: Text("not measured")}
        shown.add_row(target.promise, target.found, verdict[target.met])
    return shown


def _judge(promise: str, measured: object, found: str, met: bool) -> Target:  # noqa: FBT001 - a verdict
    return Target(promise, found, met) if measured is not None else Target(promise, "", None)
