"""The hash of a process's code, which workers send to Temporal, so that the doctor sees one of another version."""

import hashlib
import os
import re
import socket
from functools import cache
from importlib.metadata import version
from typing import Final, NamedTuple

from runtime.source import ROOT

PACKAGES: Final = ("domain", "runtime", "journal", "channels", "erps", "flows", "workflows", "activities", "workers")
"""The packages whose code tells one build of a worker from another."""
_IDENTITY: Final = re.compile(r"(?P<pid>\d+)@(?P<host>\S+) prosa (?P<version>\S+) (?P<build>[0-9a-f]{10})")


class Identity(NamedTuple):
    """One worker, as Temporal names it."""

    pid: int
    host: str
    version: str
    build: str


@cache
def build() -> str:
    """Return 10 hex digits of SHA-256 over the sources of this process."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:10]


def identity() -> str:
    """Return how this process is called in Temporal's lists."""
    return f"{os.getpid()}@{socket.gethostname()} prosa {version('prosa')} {build()}"


def read_identity(text: str) -> Identity | None:
    """Return the parts of a text made by `identity`; None for any other worker."""
    found = _IDENTITY.fullmatch(text)
    return Identity(int(found["pid"]), found["host"], found["version"], found["build"]) if found else None
