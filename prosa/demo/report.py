"""The report of `prosa demo --once`: transcript, files received, times."""

from pathlib import Path
from statistics import median

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from domain.message import listed
from journal import conversations
from journal.conversations import JournalRow
from prosa.context import called
from prosa.demo.customer import DemoResult
from prosa.terminal import table
from runtime.settings import Settings
from runtime.wording import clock, seconds, size
from usecases import store


async def erp_calls(settings: Settings, protocol: str) -> list[JournalRow]:
    """Return the calls of ERPs that the conversation made."""
    async with store.opened(settings) as database, database.read() as c:
        row = await conversations.get(c, protocol)
        return [event for event in await conversations.events(c, row.conversation_id) if event.kind == "erp_called"]


def show(console: Console, result: DemoResult, ready: float, calls: list[JournalRow], folder: Path) -> None:
    """Print everything."""
    console.print()
    console.rule(f"[bold]conversation {result.protocol}[/]", style="dim")
    console.print(_transcript(result))
    console.rule("[bold]received[/]", style="dim")
    console.print(f"[dim]line[/]  [bold]{escape(result.line)}[/]", soft_wrap=True)
    console.print(f"[dim]Pix[/]   {escape(result.pix)}", soft_wrap=True)
    if result.pdf is not None:
        console.print(f"[dim]PDF[/]   {folder / result.pdf}  [dim]{size(result.pdf.stat().st_size)}[/]", soft_wrap=True)
    console.rule("[bold]timings[/]", style="dim")
    console.print(_timings(result, ready, calls))
    console.print(
        f"[bold green]✔[/] Everything worked. It is all in [bold]{folder}[/]:\n"
        f"  [cyan]{escape(called(str(folder)))} conversation show {result.protocol}[/]"
    )


def _transcript(result: DemoResult) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(justify="right")
    grid.add_column(overflow="fold")
    for line in result.spoken:
        name = "[bold green]bot[/]" if line.who == "bot" else "[bold cyan]Ana[/]"
        text = escape(line.text.strip())
        if line.tapped:
            text = f"[on grey23] {text} [/]"
        for option in listed([option.label for option in line.options]):
            text += f"\n[green]{escape(option)}[/]"
        for file in line.files:
            text = f"📄 {escape(file.name)}, {size(file.size)}\n{text}".rstrip()
        grid.add_row(clock(line.at), name, text)
    return grid


def _timings(result: DemoResult, ready: float, calls: list[JournalRow]) -> Table:
    listed = table("what", "how often", "median", "longest")
    listed.add_row("everything started", "1", seconds(ready), "")
    if result.turns:
        first, *others = result.turns
        listed.add_row("first word of the bot", "1", seconds(first), "")
        listed.add_row(
            "answer to a message", str(len(others)), seconds(median(others or [0])), seconds(max(others or [0]))
        )
    by_operation: dict[str, list[float]] = {}
    for call in calls:
        by_operation.setdefault(str(call.data["operation"]), []).append(float(str(call.data.get("seconds") or 0)))
    for operation, lengths in by_operation.items():
        listed.add_row(f"ERP {operation}", str(len(lengths)), seconds(median(lengths)), seconds(max(lengths)))
    return listed
