"""Copies of SQLite files, taken and put back as people do it."""

import sqlite3
from pathlib import Path


def copy(source: Path, target: Path) -> None:
    """What `sqlite3 SOURCE ".backup TARGET"` does: a whole copy of a file that is being written to."""
    with sqlite3.connect(source) as read, sqlite3.connect(target) as written:
        read.backup(written)
    read.close()
    written.close()


def replace(backup: Path, target: Path) -> None:
    """Put *backup* in the place of *target*, whatever is left of that."""
    for file in target.parent.glob(f"{target.name}*"):
        file.unlink()
    copy(backup, target)
