"""The look of the command line: consoles, tables, and the red sentence of an error."""

import json
import sys
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


def print_error(sentence: str) -> None:
    """Print an error on stderr, in red."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"[bold red]✘[/] [red]{escape(sentence)}[/]")


def warn(sentence: str) -> None:
    """Print a warning on stderr, in yellow."""
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
