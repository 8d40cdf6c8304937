"""Debian's Chromium, installed when it is missing and we may."""

import os
import shutil
import subprocess
import sys
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
_PATIENCE: Final = 900


def needed() -> Path:
    """Returns the browser; installs it as root on Debian, else skips and says why."""
    if PATH.exists():
        return PATH
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        pytest.skip(f"the browser tests need Debian's package chromium at {PATH}: apt-get install chromium, as root")
    for number, command in enumerate((["update"], ["install", "--yes", "--no-install-recommends", "chromium"]), 1):
        sys.stderr.write(f"[{number}/2] apt-get {' '.join(command)} (Chromium for the browser tests, once)\n")
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
    return PATH
