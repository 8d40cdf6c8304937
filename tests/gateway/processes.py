"""Real gateway processes on free ports."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from journal.database import upgrade

ROOT = Path(__file__).resolve().parents[2]

SETTINGS = """
data = "{data}"
[gateway]
port = {port}
[temporal]
address = "{temporal}"
[accounts.site]
channel = "webchat"
flow = "main"
origins = ["https://www.example.com"]
"""


Start = Callable[..., "Process"]
"""Settings' file, and what the environment adds, to a running gateway."""


@dataclass
class Process:
    """`python -m gateway`, and what it wrote."""

    popen: subprocess.Popen[str]
    url: str
    log: IO[str]

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.popen.send_signal(number)
        return self.popen.wait(timeout=20)

    def end(self) -> str:
        """Kill it if it still runs, and return its log."""
        if self.popen.poll() is None:
            self.popen.kill()
        self.popen.wait(timeout=20)
        if self.popen.stdout is not None:
            self.popen.stdout.close()
        self.log.seek(0)
        with self.log:
            return self.log.read()


def configure(folder: Path, *, port: int = 0, temporal: str = "127.0.0.1:1", database: bool = True) -> Path:
    """Write settings, make the database, and return the settings' file."""
    file = folder / "prosa.toml"
    file.write_text(SETTINGS.format(data=folder / "var", port=port, temporal=temporal), encoding="utf-8")
    if database:
        upgrade(f"sqlite:///{folder}/var/prosa.db")
    return file


def launch(file: Path, *command: str, **environment: str) -> Process:
    """Start a gateway, by *command* of Python if any is given; without a line on stdout it has refused to start."""
    log = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 `end` closes it
    popen = subprocess.Popen(
        [sys.executable, "-P", *(command or ("-m", "gateway", "--settings", str(file)))],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    assert popen.stdout is not None
    line = popen.stdout.readline()
    return Process(popen, json.loads(line)["url"] if line else "", log)
