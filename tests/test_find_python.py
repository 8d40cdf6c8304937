"""Which Python `make setup` takes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.test_architecture import PROJECT, ROOT

FIND: Final = ROOT / ".make" / "find-python"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of commands, the only one on the path: what a shell needs, and no Python yet."""
    commands = tmp_path / "bin of a machine"
    commands.mkdir()
    for tool in ("sh", "head"):
        found = shutil.which(tool)
        assert found is not None
        (commands / tool).symlink_to(found)
    return commands


def put(machine: Path, name: str, lines: str) -> Path:
    command = machine / name
    command.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    command.chmod(0o755)
    return command


def install(machine: Path, name: str, version: tuple[int, int], *, venv: bool = True) -> Path:
    """Put this Python there, which says that it is another one."""
    disguise = f"import sys; sys.version_info = {(*version, 0, 'final', 0)}"
    if not venv:
        disguise += "; sys.modules['ensurepip'] = None"
    return put(machine, name, f'exec \'{sys.executable}\' -c "{disguise}; exec(sys.argv.pop(1))" "$2" "$3"')


def find(machine: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": str(machine)}
    return subprocess.run([FIND, *arguments], env=environment, capture_output=True, text=True, check=False)


def test_the_newest_python_that_the_tests_run_on_comes_first(machine: Path) -> None:
    for minor in (11, 13, 12, 14):
        install(machine, f"python3.{minor}", (3, minor))
    install(machine, "python3", (3, 14))
    assert find(machine).stdout == "python3.13\n"
    assert find(machine, "--all").stdout.split() == ["python3.13", "python3.12", "python3.11", "python3.14"]


def test_a_python_that_only_has_the_plain_name_is_found(machine: Path) -> None:
    install(machine, "python3", (3, 12))
    assert find(machine).stdout == "python3\n"


def test_a_python_without_venv_is_named_and_passed_over(machine: Path) -> None:
    install(machine, "python3.13", (3, 13), venv=False)
    install(machine, "python3.11", (3, 11))
    found = find(machine)
    assert found.stdout == "python3.11\n"
    assert found.stderr == (
        "passed over python3.13: it has no venv; on Debian and Ubuntu: apt install python3.13-venv\n"
    )


def test_a_shim_of_pyenv_that_does_not_run_is_named_and_passed_over(machine: Path) -> None:
    put(machine, "python3.13", "echo 'pyenv: python3.13: command not found' >&2; echo more >&2; exit 127")
    install(machine, "python3.12", (3, 12))
    found = find(machine)
    assert found.stdout == "python3.12\n"
    assert found.stderr == "passed over python3.13: it does not run (pyenv: python3.13: command not found)\n"


@pytest.mark.parametrize("version", [(3, 10), (3, 15)])
def test_a_python_that_is_too_old_or_unknown_is_named_with_what_is_needed(
    machine: Path, version: tuple[int, int]
) -> None:
    install(machine, "python3", version)
    found = find(machine)
    assert (found.returncode, found.stdout) == (1, "")
    assert f"passed over python3: it is Python {version[0]}.{version[1]}\n" in found.stderr
    assert "Prosa needs Python 3.11 or newer, with venv" in found.stderr


def test_no_python_at_all_says_where_it_was_looked_for(machine: Path) -> None:
    found = find(machine)
    assert found.returncode == 1
    assert found.stderr.startswith("looked for python3.13 python3.12 python3.11 python3.14 python3: not found\n")


def test_a_python_that_is_named_is_the_only_one_tried(machine: Path) -> None:
    install(machine, "python3.13", (3, 13))
    newer, older = install(machine, "newer", (3, 15)), install(machine, "older", (3, 9))
    assert find(machine, str(newer)).stdout == f"{newer}\n"
    refused = find(machine, str(older))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"passed over {older}: it is Python 3.9\n" in refused.stderr
    assert "looked for nowhere: not found" in find(machine, "nowhere").stderr


def test_pip_refuses_an_older_python_too() -> None:
    assert PROJECT["project"]["requires-python"] == ">=3.11"
