"""The command line: all commands, and what they share."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from prosa import chat, conversation, db, demo, flow, outbox, up
from prosa.context import Commands, enter, examples
from prosa.terminal import out

app = typer.Typer(
    name="prosa",
    cls=Commands,
    help="Run customer conversations that cannot be lost.",
    epilog=examples("prosa demo --once", "prosa up", "prosa -C var/demo conversation list"),
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def everywhere(
    directory: Annotated[
        Path | None,
        typer.Option("--directory", "-C", metavar="DIR", help="Work in this folder, with its prosa.toml and data."),
    ] = None,
) -> None:
    """Run customer conversations that cannot be lost."""
    if directory is not None:
        enter(directory)


@app.command("version", epilog=examples("prosa version"))
def show_version() -> None:
    """Print the version of Prosa."""
    out().print(version("prosa"))


app.command("demo", epilog=demo.EXAMPLES)(demo.demo)
app.command("up", epilog=up.EXAMPLES)(up.up)
app.command("chat", epilog=chat.EXAMPLES)(chat.chat)
app.add_typer(conversation.app, name="conversation")
app.add_typer(flow.app, name="flow")
app.add_typer(outbox.app, name="outbox")
app.add_typer(db.app, name="db")
