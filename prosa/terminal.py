"""The look of the command line: consoles, tables, and the red sentence of an error."""

import sys
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final

from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.segment import Segment
from rich.table import Table
from rich.text import Text
from typing_extensions import override

from runtime.shown import harmless, json_text

WIDE: Final = 140
"""Columns where no terminal says how many there are."""
WIDEST: Final = 100_000
"""Columns of the widest line in a pipe."""


class Format(StrEnum):
    """How a command answers: for people, or for programs."""

    TABLE = "table"
    JSON = "json"


class Terminal(Console):
    """A console that shows nothing raw that a terminal would obey, whoever wrote it, and no pictures for `:words:`."""

    def __init__(self, **how: Any) -> None:
        super().__init__(emoji=False, **how)

    @override
    def render_str(self, text: str, **how: Any) -> Text:
        return super().render_str(harmless(text), **how)

    @override
    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=harmless(segment.text))


def piped() -> bool:
    """Say whether answers go to a program or a file: then nothing is cut."""
    return not sys.stdout.isatty()


def cut(text: str, room: int) -> str:
    """Return *text* on one line, cut to *room* columns for a terminal, whole for a pipe."""
    text = " ".join(text.split())
    return text if piped() or len(text) <= room else f"{text[: room - 1].rstrip()}…"


def print_table(made: Table) -> None:
    """Print a table, as wide as it needs into a pipe."""
    console = out()
    if piped():
        needed = console.measure(made, options=console.options.update(max_width=WIDEST)).maximum
        console.width = max(console.width, needed)
    console.print(made)


def out() -> Console:
    """Return the console of answers; into a pipe it writes wide lines."""
    return Terminal(highlight=False, width=WIDE if piped() else None)


def print_error(sentence: str) -> None:
    """Print an error on stderr, in red."""
    Terminal(stderr=True, highlight=False, soft_wrap=True).print(f"[bold red]✘[/] [red]{escape(sentence)}[/]")


def warn(sentence: str) -> None:
    """Print a warning on stderr, in yellow."""
    Terminal(stderr=True, highlight=False, soft_wrap=True).print(f"[yellow]•[/] {escape(sentence)}")


def table(*columns: str, whole: bool = True) -> Table:
    """Return an empty table in the one style that all tables have; unless *whole*, long cells are cut."""
    made = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, overflow="fold" if whole else "ellipsis", no_wrap=not whole)
    return made


def print_json(value: Any) -> None:
    """Print *value* as JSON, indented, and nothing else."""
    sys.stdout.write(json_text(value, indent=2) + "\n")
