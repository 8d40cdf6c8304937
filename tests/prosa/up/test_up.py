"""What `prosa up` says there is to try."""

import asyncio
import re
import shlex
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from prosa import context
from prosa.commands import app
from prosa.up import command as up_command
from prosa.up.plan import Plan
from runtime.sections import Account
from runtime.settings import Settings
from tests.prosa.conftest import Prosa


def test_commands_to_try_name_the_folder_that_was_given(
    prosa: Prosa, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    async def stay(*_: Any, folder: str, **__: Any) -> None:
        told.append(folder)

    monkeypatch.setattr(up_command, "stay", stay)
    assert prosa("-C", str(folder), "up").exit_code == 0
    assert prosa("up").exit_code == 0
    assert told == [str(folder), ""]


@pytest.mark.parametrize(("brought", "lacking"), [({"demo"}, ["mail"]), (set[str](), ["demo_erp", "mail"])])
async def test_a_secret_that_nobody_brings_is_told_at_the_start(
    brought: set[str], lacking: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (folder / "prosa.toml").open("a", encoding="utf-8") as file:
        file.write('[mail]\npassword = "secret://mail"\n')

    @asynccontextmanager
    async def running(*_: Any, **__: Any) -> AsyncGenerator[None]:
        raise asyncio.CancelledError
        yield

    monkeypatch.setattr(up_command, "running", running)
    console = Console(width=300, file=StringIO())
    with console.capture() as shown:
        await up_command.stay(console, context.loaded(), with_demo="demo" in brought, workers=1, otherwise_free=True)
    assert sorted(re.findall(r"secret '(\w+)': .* fails until it is there", shown.get())) == lacking


def test_every_page_that_one_may_open_is_named() -> None:
    settings = Settings(accounts={"site": Account(channel="webchat", flow="hello")})
    console = Console(width=120, file=StringIO())
    with console.capture() as shown:
        console.print(up_command.welcome(Plan(settings), "http://127.0.0.1:8080"))
    for page in ("/webchat/site", "/flows", "/reference"):
        assert f"http://127.0.0.1:8080{page} " in shown.get()


def test_every_command_can_be_pasted_whole_and_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [".venv/bin/prosa", "demo"])
    console = Console(width=80, file=StringIO())
    with console.capture() as shown:
        console.print(up_command.welcome(Plan(Settings()), "http://127.0.0.1:8080", "var/demo"))
    lines = [line.strip("│ ") for line in shown.get().splitlines()]
    for _, _, commands in up_command.TRIES:
        for command in commands:
            assert f".venv/bin/prosa -C var/demo {command}" in lines
            names = [word for word in shlex.split(command) if word.islower() and not word.startswith("-")][:2]
            assert CliRunner().invoke(app, [*names, "--help"]).exit_code == 0


@pytest.mark.parametrize(
    ("typed", "found", "folder", "called"),
    [
        ("/usr/bin/prosa", "/usr/bin/prosa", "", "prosa"),
        ("/usr/bin/prosa", "/usr/bin/prosa", "my demo", "prosa -C 'my demo'"),
        (".venv/bin/prosa", "/usr/bin/prosa", "", ".venv/bin/prosa"),
        ("/here/prosa/__main__.py", None, "var/demo", "prosa -C var/demo"),
    ],
)
def test_the_program_is_named_as_it_was_called(
    typed: str, found: str | None, folder: str, called: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [typed])

    def which(_: str) -> str | None:
        return found

    monkeypatch.setattr("shutil.which", which)
    assert context.called(folder) == called
