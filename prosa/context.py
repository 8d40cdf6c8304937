"""The common start of all commands: the settings of the folder they run in."""

import asyncio
import os
import shlex
import shutil
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.markup import escape

from domain.errors import OperatorError
from prosa.terminal import Format
from runtime import settings as unchecked
from runtime.data_folder import with_addresses
from runtime.settings import Settings
from runtime.wording import read_times_in
from usecases import settings

T = TypeVar("T")

FormatOption = Annotated[Format, typer.Option("--format", help="For people, or for programs.")]


ByOption = Annotated[
    str, typer.Option("--by", metavar="WHO", help="The person's name for the audit; else the login name.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for the journal, the audit and colleagues.")]


def examples(*lines: str) -> str:
    """Return the epilog of a command: *lines* that one may copy."""
    return "[dim]Examples[/]\n\n" + "\n\n".join(f"  [cyan]{escape(line)}[/]" for line in lines)


def called(folder: str = "") -> str:
    """Return how this program was called, to be pasted into the same shell: `prosa`, or where it is; with *folder*."""
    program = sys.argv[0] if Path(sys.argv[0]).name == "prosa" else "prosa"
    name = "prosa" if shutil.which("prosa") == program else shlex.quote(program)
    return f"{name} -C {shlex.quote(folder)}" if folder else name


def application(sentence: str = "") -> typer.Typer:
    """Return an empty group of commands; without a sentence, for one command that stands alone."""
    return typer.Typer(
        help=sentence or None, no_args_is_help=bool(sentence), add_completion=False, rich_markup_mode="rich"
    )


def loaded() -> Settings:
    """Read prosa.toml of the working directory and the environment; times are written by the company's clocks."""
    return _with_its_clocks(settings.load())


def located_with_mistakes() -> Settings:
    """Return the settings as `located` does, also with keys and names that their users refuse: for the doctor."""
    return with_addresses(_with_its_clocks(unchecked.load(references=False)))


def located() -> Settings:
    """Read the settings, with the ports that a `prosa up` on the same data has really taken."""
    return with_addresses(loaded())


def _with_its_clocks(found: Settings) -> Settings:
    read_times_in(found.company.zone)
    return found


def enter(directory: Path) -> None:
    """Make *directory* the working directory; OperatorError when there is none."""
    try:
        os.chdir(directory)
    except OSError as error:
        raise OperatorError(f"cannot work in {str(directory)!r}: {(error.strerror or '').lower()}") from error


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run *main* to its end."""
    return asyncio.run(main)
