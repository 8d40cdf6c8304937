"""Every `prosa ...` that a page shows is one that the command line takes. Nothing is run."""

from pathlib import Path
from typing import Any

import pytest
import typer
from typer.exceptions import TyperException
from typer.main import get_command

from prosa.commands import app
from tests.docs.pages import DOCS, HOW_TO, commands, each_page


def refusal(arguments: list[str]) -> str:
    """Return why the command line does not take *arguments*; empty when it does, or when they only name it."""
    command: Any = get_command(app)
    try:
        context = command.make_context("prosa", list(arguments))
        while hasattr(command, "resolve_command"):
            name, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
            if not rest:
                return ""
            context = command.make_context(name, rest, parent=context)
    except TyperException as error:
        return str(error)
    except typer.Exit:  # --help
        return ""
    return ""


@each_page
def test_every_command_exists_with_its_options(page: Path) -> None:
    if page.parent == DOCS / "adr":
        return  # decisions speak of what is not there
    assert {" ".join(line): why for line in commands(page) if (why := refusal(line))} == {}


def test_commands_are_found_in_blocks_and_in_sentences() -> None:
    found = [" ".join(line) for line in commands(HOW_TO / "act.md")]
    assert "audit list --of 20261121-000001" in found
    assert "audit verify --head 41:9f86d081884c7d65" in found
    assert "conversation skip PROTOCOL --exit invalid" in found


@pytest.mark.parametrize(
    "line",
    [
        "conversation shout 20261121-000001",
        "conversation show --all",
        "conversation list --limit many",
        "conversation terminate 20261121-000001",
        "flow check --loud",
        "outbox resend 20261121-000001:7 twice",
    ],
)
def test_a_command_that_does_not_exist_is_refused(line: str) -> None:
    assert refusal(line.split())
