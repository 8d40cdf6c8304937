import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from prosa.commands import app
from tests.prosa.conftest import Prosa

SCRIPT = Path(sys.executable).parent / "prosa"


def commands() -> Iterator[tuple[str, Any]]:
    def walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        if not hasattr(command, "list_commands"):
            yield name, command
            return
        for word in command.list_commands(None):
            yield from walk(f"{name} {word}".strip(), command.get_command(None, word))

    yield from walk("", typer.main.get_command(app))


def test_the_surface_is_this(prosa: Prosa) -> None:
    assert [name for name, _ in commands()] == [
        "demo",
        "up",
        "chat",
        "conversation list",
        "conversation show",
        "conversation history",
        "conversation open",
        "conversation close",
        "conversation retry",
        "conversation skip",
        "conversation take",
        "conversation say",
        "conversation resolve",
        "conversation wake",
        "conversation terminate",
        "conversation end-session",
        "flow check",
        "flow draw",
        "flow publish",
        "flow versions",
        "flow rollback",
        "flow play",
        "flow test",
        "flow schema",
        "account link",
        "campaign send",
        "schedule list",
        "inbox dead",
        "outbox unknown",
        "outbox resend",
        "outbox give-up",
        "audit list",
        "audit verify",
        "doctor",
        "gateway",
        "retention run",
        "db upgrade",
        "db version",
        "version",
    ]


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_command_has_a_sentence_and_examples(name: str, command: Any, prosa: Prosa) -> None:
    assert (command.help or "").strip().endswith(".")
    assert len((command.help or "").strip().splitlines()) == 1
    shown = prosa(*name.split(), "--help")
    assert shown.exit_code == 0
    assert f"prosa {name}" in shown.output.partition("Examples")[2]


def test_the_script_takes_our_packages_and_not_others_of_the_same_name(folder: Path, tmp_path: Path) -> None:
    decoy = tmp_path / "decoy"
    for name in ("journal", "flows", "runtime", "domain"):
        (decoy / name).mkdir(parents=True)
        (decoy / name / "__init__.py").write_text("raise SystemExit('the decoy was imported')", encoding="utf-8")
    done = run_script("db", "upgrade", PYTHONPATH=str(decoy))
    assert (done.returncode, done.stderr) == (0, "")
    assert "0001" in done.stdout


def test_a_folder_of_the_same_name_where_one_works_is_not_imported(folder: Path) -> None:
    (folder / "journal").mkdir()
    (folder / "journal" / "__init__.py").write_text("raise SystemExit('the decoy was imported')", encoding="utf-8")
    assert run_script("db", "upgrade").returncode == 0
    done = subprocess.run(
        [sys.executable, "-m", "prosa", "db", "version"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("[gateway]\nprot = 8080\n", ["prosa.toml", "gateway.prot", "unknown key"]),
        ("[gateway]\nport = 'eighty'\n", ["prosa.toml", "gateway.port", "'eighty'"]),
        ("[gateway\nport = 8080\n", ["prosa.toml", "TOML", "line 1"]),
    ],
)
def test_bad_settings_are_one_red_sentence_that_names_file_and_key(
    content: str, expected: list[str], folder: Path, prosa: Prosa
) -> None:
    (folder / "prosa.toml").write_text(content, encoding="utf-8")
    done = prosa("flow", "versions")
    assert (done.exit_code, done.stdout) == (2, "")
    assert all(word in done.stderr for word in expected), done.stderr
    script = run_script("flow", "versions")
    assert script.returncode == 2
    assert script.stderr == done.stderr
    assert "Traceback" not in script.stderr


def test_a_bad_variable_is_named(folder: Path, prosa: Prosa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSA_GATEWAY__PORT", "99999999")
    done = prosa("flow", "versions")
    assert done.exit_code == 2
    assert "PROSA_GATEWAY__PORT" in done.stderr


def test_another_folder_can_be_worked_in(folder: Path, prosa: Prosa) -> None:
    (folder / "elsewhere").mkdir()
    done = prosa("-C", "elsewhere", "db", "upgrade")
    assert done.exit_code == 0
    assert (folder / "elsewhere" / "var" / "prosa.db").exists()


def test_a_folder_that_is_not_there_is_named(prosa: Prosa) -> None:
    done = prosa("-C", "nowhere", "db", "version")
    assert done.exit_code == 2
    assert "'nowhere': no such file or directory" in done.stderr


def test_the_version_is_told(prosa: Prosa) -> None:
    assert prosa("version").stdout.strip().count(".") == 2
    assert prosa("--version").stdout == prosa("version").stdout


def run_script(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(SCRIPT), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )
