"""What the command line looks like: consoles, tables, times, and the red sentence of an error."""

import json
import sys
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

WIDE: Final = 140
"""Columns where no terminal says how many there are."""


class Format(StrEnum):
    """How a command answers: for people, or for programs."""

    TABLE = "table"
    JSON = "json"


def out() -> Console:
    """Return the console of answers; into a pipe it writes wide lines."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)


def complain(sentence: str) -> None:
    """Say on stderr, in red, what must be mended."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"[bold red]✘[/] [red]{escape(sentence)}[/]")


def warn(sentence: str) -> None:
    """Say on stderr, in yellow, what somebody should know."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"[yellow]•[/] {escape(sentence)}")


def table(*columns: str, whole: bool = True) -> Table:
    """Return an empty table in the one style that all tables have; unless *whole*, long cells are cut."""
    made = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, overflow="fold" if whole else "ellipsis", no_wrap=not whole)
    return made


def print_json(value: Any) -> None:
    """Print *value* as JSON, indented, and nothing else."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def moment(at: datetime | None, zone: tzinfo | None = None) -> str:
    """Return a time as people in *zone* read it, without one as people here do; a dash for none."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else "-"


def recent(at: datetime) -> str:
    """Return the time of day for today, the day for what is older."""
    local = at.astimezone()
    return f"{local:%H:%M:%S}" if local.date() == datetime.now(UTC).astimezone().date() else f"{local:%Y-%m-%d}"


def clock(at: datetime) -> str:
    """Return the time of day."""
    return f"{at.astimezone():%H:%M:%S}"


def clock_now() -> str:
    """Return the time of day now."""
    return clock(datetime.now(UTC))


def seconds(length: float) -> str:
    """Return a length of time: `0.04 s`, `12.3 s`, `4 min`, `3.1 h`."""
    if length < 1:
        return f"{length:.2f} s"
    if length < 120:  # noqa: PLR2004 - two minutes
        return f"{length:.1f} s"
    return f"{length / 60:.0f} min" if length < 7200 else f"{length / 3600:.1f} h"  # noqa: PLR2004 - two hours


def size(count: int) -> str:
    """Return a number of bytes in words: `512 bytes`, `6.5 KiB`, `71.0 GiB`."""
    if count < 1024:  # noqa: PLR2004 - one KiB
        return f"{count} bytes"
    amount, unit = count / 1024, "KiB"
    for larger in ("MiB", "GiB"):
        if amount < 1024:  # noqa: PLR2004 - one of the next unit
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.1f} {unit}"


def short(version: str) -> str:
    """Return the beginning of a content hash, as lists show it."""
    return version[:10]
