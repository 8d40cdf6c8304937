import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from runtime.private_files import loose
from tests.test_architecture import ROOT
from usecases.doctor.machine import private


@pytest.fixture
def open_folder() -> Generator[Path]:
    """Give a folder into which every user of the machine can go."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def test_what_other_users_can_open_is_named(open_folder: Path) -> None:
    data = open_folder / "var"
    for name, mode in (("key", 0o600), ("logs/up.log", 0o644), ("closed/open", 0o644)):
        file = data / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        file.chmod(mode)
    for folder, mode in (("", 0o755), ("logs", 0o755), ("closed", 0o700)):
        (data / folder).chmod(mode)
    assert [str(one.relative_to(open_folder)) for one in loose(data)] == ["var", "var/logs", "var/logs/up.log"]
    [finding] = private(data)
    assert "3 files and folders" in finding.what
    assert str(data / "logs" / "up.log") in finding.what
    assert finding.mend == (f"chmod -R go= {data}",)
    data.chmod(0o700)
    assert list(private(data)) == []


def test_in_a_folder_that_nobody_else_can_enter_nothing_is_loose(open_folder: Path) -> None:
    (open_folder / "var").mkdir(mode=0o755)
    open_folder.chmod(0o700)
    assert list(loose(open_folder / "var")) == []


@pytest.mark.parametrize("program", [["prosa", "db", "upgrade"], ["gateway"], ["workers"]])
def test_everything_that_a_process_of_prosa_makes_is_private(open_folder: Path, program: list[str]) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PROSA_DATA": str(open_folder / "var")}
    code = (
        f"import os, runpy, sys; os.umask(0o022); sys.argv = {program!r}; "
        f"runpy.run_module({program[0]!r}, run_name='__main__', alter_sys=True)"
    )
    after = "import atexit, os; atexit.register(lambda: print('umask', oct(os.umask(0)))); " + code
    ran = subprocess.run(
        [sys.executable, "-P", "-c", after],
        cwd=open_folder,
        env={**environment, "PROSA_TEMPORAL__PORT": "1", "PROSA_GATEWAY__PORT": "99999999"}
        if program != ["prosa", "db", "upgrade"]
        else environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "umask 0o77" in ran.stdout, ran.stderr
    assert list(loose(open_folder / "var")) == [] or not (open_folder / "var").exists()
