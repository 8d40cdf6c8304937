"""The program that listens on a port, as far as Linux lets its user see: the other Prosa, by its folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

_PROC: Final = Path("/proc")
_LISTENS: Final = "0A"
"""The state of a socket in /proc/net/tcp (include/net/tcp_states.h)."""


class Process(NamedTuple):
    """A process that may be the one."""

    pid: int
    words: list[str]
    """Its command line."""


def owner(number: int) -> str:
    """Return who listens on port *number*, in words: a Prosa with its folder, else a program; empty when unknown."""
    found = _listener(number)
    if found is None:
        return ""
    for one in _ancestors(found):
        if _is_prosa(one.words) and (folder := _folder(one.pid)):
            return f"the Prosa in {folder} (process {one.pid})"
    return f"{Path(found.words[0]).name} (process {found.pid})"


def _is_prosa(words: list[str]) -> bool:
    return any(Path(word).name == "prosa" for word in words[:2]) or words[1:3] == ["-m", "prosa"]


def _listener(number: int) -> Process | None:
    sockets = {f"socket:[{inode}]" for inode in _inodes(number)}
    for folder in _PROC.glob("[0-9]*"):
        if sockets & set(_open(folder)):
            return _process(int(folder.name))
    return None


def _inodes(number: int) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        for line in _text(_PROC / "net" / table).splitlines()[1:]:
            parts = line.split()
            if parts[3] == _LISTENS and int(parts[1].rpartition(":")[2], 16) == number:
                yield parts[9]


def _open(folder: Path) -> Iterator[str]:
    try:
        for file in (folder / "fd").iterdir():
            yield str(file.readlink())
    except OSError:  # another user's, or gone by now
        return


def _ancestors(process: Process) -> Iterator[Process]:
    now: Process | None = process
    while now is not None:
        yield now
        parent = _text(_PROC / str(now.pid) / "stat").rpartition(")")[2].split()[1:2]
        now = _process(int(parent[0])) if parent and parent != ["0"] else None


def _process(pid: int) -> Process | None:
    words = [word for word in _text(_PROC / str(pid) / "cmdline").split("\0") if word]
    return Process(pid, words) if words else None


def _folder(pid: int) -> str:
    try:
        return str((_PROC / str(pid) / "cwd").readlink())
    except OSError:
        return ""


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
