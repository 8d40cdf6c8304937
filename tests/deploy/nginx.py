"""Debian's nginx: the one that is installed, else unpacked once from its package."""

import os
import shutil
import subprocess
from pathlib import Path

_STEPS = (
    ["apt-get", "update", "-qq"],
    ["apt-get", "download", "-qq", "nginx"],
    ["sh", "-c", "dpkg-deb -x nginx_*.deb unpacking && rm nginx_*.deb"],
    ["mv", "unpacking", "package"],
)


def program(kept: Path) -> str | None:
    """Return nginx, unpacked under *kept* where it is not installed; None where it cannot be had."""
    unpacked = kept / "package" / "usr" / "sbin" / "nginx"
    found = shutil.which("nginx") or (str(unpacked) if unpacked.exists() else None)
    if found or not shutil.which("apt-get") or os.geteuid() != 0:
        return found
    for step in _STEPS:
        if subprocess.run(step, cwd=kept, capture_output=True, check=False).returncode != 0:
            return None
    return str(unpacked)
