"""The command line: all commands and their common parts; a command's module is imported when it is called."""

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command
from typing_extensions import override

from domain.errors import ProsaError
from prosa.context import enter, examples
from prosa.terminal import out, print_error

_MODULES: Final = (
    "demo.command",
    "up.command",
    "chat.command",
    "conversation",
    "flow",
    "account",
    "campaign",
    "schedule",
    "inbox",
    "outbox",
    "audit",
    "doctor",
    "gateway",
    "retention",
    "db",
)
COMMANDS: Final = {module.removesuffix(".command"): f"prosa.{module}" for module in _MODULES}
"""Commands and groups of commands by name, each the Typer application of its module."""


class Commands(TyperGroup):
    """The whole surface. An error of ours is one red sentence and status 2, never a traceback."""

    @override
    def list_commands(self, ctx: Any) -> list[str]:
        return [*COMMANDS, *super().list_commands(ctx)]

    @override
    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        command = get_command(cast("typer.Typer", import_module(COMMANDS[cmd_name]).app))
        command.name = cmd_name
        return command

    @override
    def invoke(self, ctx: Any) -> Any:
        invoke: Callable[[Any], Any] = super().invoke
        try:
            return invoke(ctx)
        except ProsaError as error:
            print_error(str(error))
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            raise typer.Exit(130) from None


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


def _answer_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        show_version()
        raise typer.Exit


@app.callback()
def everywhere(
    *,
    directory: Annotated[
        Path | None,
        typer.Option("--directory", "-C", metavar="DIR", help="Work in this folder, with its prosa.toml and data."),
    ] = None,
    version_: Annotated[  # noqa: ARG001 - its callback has answered
        bool, typer.Option("--version", callback=_answer_version, is_eager=True, help="Print the version of Prosa.")
    ] = False,
) -> None:
    """Run customer conversations that cannot be lost."""
    if directory is not None:
        enter(directory)


@app.command("version", epilog=examples("prosa version"))
def show_version() -> None:
    """Print the version of Prosa."""
    out().print(version("prosa"))
