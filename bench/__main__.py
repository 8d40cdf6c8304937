"""`python -m bench`: measure, and print the report."""

import argparse
import asyncio
import json
import signal
import sys
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final, cast

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from bench import attack, scale
from bench.driver import LostTurnError
from bench.plan import DEFAULT, QUICK, Plan
from bench.processes import ProcessError
from bench.report import figures, tables
from bench.results import Results
from bench.run import Progress, run, turns
from bench.targets import table, targets

_EXAMPLES: Final = """
examples:
  python -m bench                          everything, three rounds: about nine minutes
  python -m bench --quick                  one small round, about a minute
  python -m bench --rounds 6               more rounds where the machine is noisy
  python -m bench --json bench.json        keep the samples, too
  python -m bench --scale                  10,000 open conversations and nothing else, about ten minutes
  python -m bench --attack                 other visitors beside attacks and nothing else, about eight minutes
  make bench ARGS="--quick"                the same through make

Every system runs on its own Temporal server, worker and gateway, one system at a time, on loopback and free ports.
They share the machine, so close what is heavy; the ratios bear what is left.
"""
_MANY: Final = 10_000
_SECONDS: Final = 20


def main() -> int:
    """Measure; 1 when something did not run, 130 when interrupted. Targets that are not met are no error."""
    arguments = _parser().parse_args()
    plan = QUICK if arguments.quick else DEFAULT
    rounds = arguments.rounds or plan.rounds
    plan = replace(plan, rounds=rounds, scale=arguments.scale or 0, attack=arguments.attack or 0)
    console = Console()
    shown = Bar(
        TextColumn("[bold]{task.description}", justify="left"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    results = Results()
    status = 0
    try:
        with shown:
            asyncio.run(_measure(plan, results, _OnScreen(shown, turns(plan))))
    except (KeyboardInterrupt, asyncio.CancelledError):
        console.print("interrupted: everything that was started has been ended; this is what was measured until then")
        status = 130
    except (ProcessError, LostTurnError, ExceptionGroup) as error:
        status = _failed(error)
    if plan.scale:
        console.print(*scale.tables(results.scale))
    elif plan.attack:
        console.print(*attack.tables(results.attack))
    else:
        console.print(tables(results))
        console.print(table(targets(results)))
    if arguments.json:
        arguments.json.write_text(json.dumps(_as_json(results), indent=1), encoding="utf-8")
    return status


async def _measure(plan: Plan, results: Results, progress: Progress) -> None:
    task = asyncio.current_task()
    if task is not None:
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await run(plan, results, progress)


class _OnScreen(Progress):
    def __init__(self, bar: Bar, total: int) -> None:
        self._bar = bar
        self._task = bar.add_task("starting", total=total)

    def now(self, what: str) -> None:
        self._bar.update(self._task, description=what)
        if not self._bar.console.is_terminal:
            self._bar.console.print(what)

    def turn(self) -> None:
        self._bar.advance(self._task)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure Prosa beside hand-written Temporal workflows: same webhook in, same provider out.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="one small round, about a minute")
    parser.add_argument("--rounds", type=_positive, metavar="N", help=f"rounds to alternate (default {DEFAULT.rounds})")
    parser.add_argument(
        "--scale",
        type=_positive,
        nargs="?",
        const=_MANY,
        metavar="N",
        help=f"measure nothing but N open conversations ({_MANY:,} when not said)",
    )
    parser.add_argument(
        "--attack",
        type=_positive,
        nargs="?",
        const=_SECONDS,
        metavar="SECONDS",
        help=f"measure nothing but visitors beside attacks, each so long ({_SECONDS} when not said)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write figures, targets and samples there")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, found {number}")
    return number


def _failed(error: Exception) -> int:
    found = error
    while isinstance(found, ExceptionGroup):
        found = cast("ExceptionGroup[Exception]", found).exceptions[0]
    if not isinstance(found, (ProcessError, LostTurnError)):
        raise error
    sys.stderr.write(f"bench: {found}\n")
    return 1


def _as_json(results: Results) -> dict[str, Any]:
    found = figures(results)
    return {
        "figures": [asdict(figure) for figure in found],
        "targets": [target._asdict() for target in targets(results)],
        "samples": asdict(results),
    }


if __name__ == "__main__":
    sys.exit(main())
