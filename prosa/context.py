"""What every command starts from: the settings of the folder it runs in."""

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.markup import escape
from typer.core import TyperGroup
from typing_extensions import override

from domain.errors import OperatorError, ProsaError
from prosa.folder import with_addresses
from prosa.terminal import Format, complain
from runtime import settings
from runtime.settings import Settings

T = TypeVar("T")

FormatOption = Annotated[Format, typer.Option("--format", help="For people, or for programs.")]


class Commands(TyperGroup):
    """The command line itself: an error of ours is one red sentence and status 2, never a traceback."""

    @override
    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ProsaError as error:
            complain(str(error))
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            raise typer.Exit(130) from None


def examples(*lines: str) -> str:
    """Return the epilog of a command: *lines* that one may copy."""
    return "[dim]Examples[/]\n\n" + "\n\n".join(f"  [cyan]{escape(line)}[/]" for line in lines)


def loaded() -> Settings:
    """Read prosa.toml of the working directory and the environment."""
    return settings.load()


def located() -> Settings:
    """Read the settings, with the ports that a `prosa up` on the same data has really taken."""
    return with_addresses(loaded())


def enter(directory: Path) -> None:
    """Make *directory* the working directory; OperatorError when there is none."""
    try:
        os.chdir(directory)
    except OSError as error:
        raise OperatorError(f"cannot work in {str(directory)!r}: {(error.strerror or '').lower()}") from error


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run *main* to its end."""
    return asyncio.run(main)
