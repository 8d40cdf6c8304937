"""`prosa up`: everything in one command, on this machine."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from prosa.context import application, called, examples, loaded, run
from prosa.terminal import out
from prosa.up import plan
from prosa.up.plan import Plan
from prosa.up.stack import running
from runtime.settings import Settings

app = application()

CUSTOMERS: Final = (
    ("529.982.247-25", "Ana, one open invoice"),
    ("123.456.789-09", "Bruno, two open, one overdue"),
    ("987.654.321-00", "Carla, nothing to pay"),
    ("012.345.678-90", "Diego, five open, blocked"),
    ("333.444.555-08", "valid, and no customer"),
)
"""Documents that the demo ERP knows (`emulators/erps/demo/customers.py`)."""
TRIES: Final = (
    ("contact", "the chat again, in another terminal", ("chat",)),
    (
        "attendant",
        "of whoever asks the bot for a person",
        ("conversation list --stage queue", "conversation say PROTOCOL 'Oi!'", "conversation resolve PROTOCOL"),
    ),
    ("operator", "who is talking, and one conversation in words", ("conversation list", "conversation show PROTOCOL")),
)
"""Roles to try: a description and the commands of each."""


@app.command(epilog=examples("prosa up", "prosa up --no-demo --workers 2", "PROSA_GATEWAY__PORT=8081 prosa up"))
def up(
    context: typer.Context,
    *,
    with_demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Start the demo ERP where a connection wants it.")
    ] = True,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Worker processes.")] = 1,
) -> None:
    """Run everything here: database, Temporal, workers, gateway; Ctrl-C stops it."""
    folder = (context.parent or context).params.get("directory") or ""
    run(stay(out(), loaded(), with_demo=with_demo, workers=workers, folder=str(folder)))


async def stay(
    console: Console,
    settings: Settings,
    *,
    with_demo: bool,
    workers: int,
    otherwise_free: bool = False,
    folder: str = "",
) -> None:
    """Start everything, list the commands to try, and stay until stopped.

    *folder* is where commands must be run to see the same data, when it is not the present one.
    """
    made = await plan.make(settings, demo=with_demo, otherwise_free=otherwise_free)
    for note in made.notes:
        console.print(f"[yellow]•[/] {note}")
    for lack in made.lacks:
        console.print(f"[yellow]•[/] {escape(f'{lack.table}: {lack.why}')}: what needs it fails until it is there")
    try:
        async with running(console, made, workers=workers) as everything:
            console.print()
            console.print(welcome(made, everything.url, folder, everything.missing))
            await everything.supervisor.watch()
    except asyncio.CancelledError:
        console.print("[green]✔[/] stopped")


def welcome(made: Plan, url: str, folder: str = "", missing: Sequence[str] = ()) -> Panel:
    """Return the panel with all addresses, the commands to try, and the programs that are not ready."""
    prosa = called(folder)
    grid = Table.grid(padding=(0, 3))
    for name, account in made.settings.accounts.items():
        if account.channel == "webchat":
            chat = f"{url}/webchat/{name}"
            grid.add_row("[bold green]open[/]", f"[bold][link={chat}]{chat}[/link][/]  [dim]the chat page[/]")
            grid.add_row("", "")
    grid.add_row("[dim]gateway[/]", f"[link={url}]{url}[/]")
    for page in ("flows", "reference"):
        grid.add_row(f"[dim]{page}[/]", f"[link={url}/{page}]{url}/{page}[/]")
    if made.ui:
        page = f"{made.ui}/namespaces/{made.settings.temporal.namespace}/workflows"
        grid.add_row("[dim]Temporal[/]", f"[link={page}]{made.ui}[/]")
    grid.add_row("[dim]logs[/]", str(Path(folder) / made.settings.data / "logs"))
    grid.add_row("", "")
    for who, does, commands in TRIES:
        grid.add_row(f"[dim]{who}[/]", f"[dim]{does}[/]")
        for command in commands:
            grid.add_row("", f"[cyan]{escape(prosa)} {command}[/]")
        grid.add_row("", "")
    if any(connection.erp == "demo" for connection in made.settings.connections.values()):
        for number, (document, situation) in enumerate(CUSTOMERS):
            grid.add_row("[dim]customers[/]" if number == 0 else "", f"[bold]{document}[/]  {situation}")
    return Panel(
        grid,
        title=f"[bold yellow]Prosa takes messages; not ready yet: {', '.join(missing)}[/]"
        if missing
        else "[bold green]Prosa is up[/]",
        subtitle="[dim]Ctrl-C stops everything[/]",
        expand=False,
        padding=(1, 3),
    )
