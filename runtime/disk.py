"""How much room is left on the disk where Prosa keeps its data."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from runtime.logging import logger

_ASKED: Final = 1.0
"""Seconds for which an answer holds."""
_SHARE: Final = 10
"""On a disk that is small, a tenth of it is enough."""


class Usage:
    """The size of a disk and what is free of it, in bytes."""

    def __init__(self, folder: Path) -> None:
        place = next((one for one in (folder, *folder.absolute().parents) if one.exists()), Path("/"))
        self.total, _, self.free = shutil.disk_usage(place)

    def is_short_of(self, least: int) -> bool:
        """Return whether less than *least* bytes are free; of a small disk less than a tenth."""
        return self.free < min(least, self.total // _SHARE)


class Disk:
    """The disk where *folder* is, asked once a second at most."""

    def __init__(self, folder: Path, usage: Callable[[Path], Usage] = Usage) -> None:
        self._folder = folder
        self._usage = usage
        self._found = usage(folder)
        self._found_at = time.monotonic()
        self._short: set[int] = set()

    def is_short_of(self, least: int) -> bool:
        """Return whether less than *least* bytes are free, as `Usage` has it; the log says when that changes."""
        if time.monotonic() - self._found_at > _ASKED:
            self._found, self._found_at = self._usage(self._folder), time.monotonic()
        short = self._found.is_short_of(least)
        if short and least not in self._short:
            self._short.add(least)
            logger().error("disk_nearly_full", folder=str(self._folder), free=self._found.free, refused_below=least)
        elif not short and least in self._short:
            self._short.remove(least)
            logger().info("disk_has_room", folder=str(self._folder), free=self._found.free, refused_below=least)
        return short
