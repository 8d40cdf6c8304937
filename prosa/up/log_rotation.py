"""Rotation of the logs of `prosa up`: whatever programs write, the disk does not fill with it."""

import asyncio
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True)
class Rotation:
    """How large a log may become, and how many full ones are kept beside it."""

    size: int = 10 * 1024 * 1024
    """Bytes, looked at now and then: a log may be larger for a while."""
    kept: int = 3
    """Full logs of each program: `gateway.log.1` is the youngest."""
    every: float = 5.0
    """Seconds between two looks."""


ROTATION: Final = Rotation()


async def keep_rotating(logs: Callable[[], Iterable[Path]], rotation: Rotation = ROTATION) -> None:
    """Rotate each of *logs* that is full, until cancelled."""
    while True:
        await asyncio.sleep(rotation.every)
        for log in logs():
            with suppress(OSError):  # a folder that somebody has removed: the program goes on
                await asyncio.to_thread(rotate, log, rotation)


def rotate(log: Path, rotation: Rotation = ROTATION) -> None:
    """Move the content of *log* to `LOG.1` if it is full, what was there to `LOG.2`, and so on.

    The program keeps the file open, for appending: so it is copied and emptied. On a full disk it is only emptied.
    """
    if not log.exists() or log.stat().st_size <= rotation.size:
        return
    with suppress(OSError):
        for number in range(rotation.kept - 1, 0, -1):
            if (younger := _full(log, number)).exists():
                younger.replace(_full(log, number + 1))
        _copy_end(log, _full(log, 1), rotation.size)
    with log.open("r+b") as emptied:
        emptied.truncate()


def _copy_end(log: Path, to: Path, size: int) -> None:
    """Copy the last *size* bytes, from the beginning of a line."""
    with log.open("rb") as source, to.open("wb") as copy:
        source.seek(max(0, log.stat().st_size - size))
        if source.tell():
            source.readline()
        shutil.copyfileobj(source, copy)


def _full(log: Path, number: int) -> Path:
    return log.with_name(f"{log.name}.{number}")
