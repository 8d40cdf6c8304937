"""The list of steps that a start goes through: a spinner while one is done, its outcome and time afterwards."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from runtime.wording import seconds


@dataclass
class Step:
    """One line of the list."""

    name: str
    said: str
    begun: float
    took: float | None = None
    failed: bool = False

    def say(self, text: str) -> None:
        """Replace the text beside the name."""
        self.said = text

    def fail(self, text: str) -> None:
        """Say *text*, and mark the step as failed, while those that follow go on."""
        self.said, self.failed = text, True


class Steps:
    """Shows steps as they go; where nobody watches, prints each when it is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._steps: list[Step] = []
        self._spinner = Spinner("dots", style="cyan")
        self._live = Live(console=console, get_renderable=self._table, refresh_per_second=12, transient=False)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()

    @contextmanager
    def step(self, name: str, doing: str = "") -> Generator[Step]:
        """Show *name* with a spinner while inside; *doing*, or a later text, stands beside it."""
        step = Step(name, doing, monotonic())
        self._steps.append(step)
        try:
            yield step
        except BaseException:
            step.failed = True
            raise
        finally:
            step.took = monotonic() - step.begun
            if not self._console.is_terminal:
                self._console.print(self._mark(step), f"{step.name:<10}", step.said, seconds(step.took))

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for step in self._steps:
            mark = self._spinner if step.took is None else self._mark(step)
            took = monotonic() - step.begun if step.took is None else step.took
            table.add_row(mark, Text(step.name, style="bold"), step.said, Text(seconds(took), style="dim"))
        return table

    def _mark(self, step: Step) -> Text:
        return Text("✘", style="bold red") if step.failed else Text("✔", style="bold green")
