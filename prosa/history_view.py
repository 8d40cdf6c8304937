"""Temporal's history of a conversation on the terminal: one table a run of its workflow."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from runtime.wording import moment
from usecases.history import RunHistory
from usecases.masking import masked


def show(console: Console, run: RunHistory) -> None:
    """Print one run."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", justify="right")
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for event in run.events:
        failed = any(word in event.what for word in ("failed", "in time", "terminated"))
        what = f"[red]{event.what}[/]" if failed else event.what
        grid.add_row(str(event.number), moment(event.at)[11:], what, escape(masked(event.detail)))
    console.print(f"[bold]run[/] {run.run_id}")
    where = run.link or "temporal.ui in prosa.toml says where its pages are, for a link"
    console.print(f"[dim]{where}[/]", soft_wrap=True)
    console.print(grid)
    console.print()
