"""Debian's Chromium, installed when it is missing and we may."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import pytest

PATH: Final = Path("/usr/bin/chromium")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
_COMMANDS: Final = (["update"], ["install", "--yes", "--no-install-recommends", "chromium"])
_PATIENCE: Final = 500


def needed() -> Path:
    """Returns the browser; installs it as root on Debian, else skips and says why."""
    if PATH.exists():
        return PATH
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        pytest.skip(f"the browser tests need Debian's package chromium at {PATH}: apt-get install chromium, as root")
    with (Path(tempfile.gettempdir()) / "prosa-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in two processes, and apt in one
        for number, command in enumerate(_COMMANDS, 1):
            if not PATH.exists():
                _apt_get(number, command)
    return PATH


def _apt_get(number: int, command: list[str]) -> None:
    sys.stderr.write(f"[{number}/{len(_COMMANDS)}] apt-get {' '.join(command)} (for the browser tests, once)\n")
    ran = subprocess.run(
        ["apt-get", "--quiet", *command],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    if ran.returncode != 0:
        pytest.skip(f"chromium could not be installed: apt-get {command[0]}: {ran.stderr.strip()[-300:]}")
