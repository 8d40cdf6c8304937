"""Files of Prosa are its own: nobody else on the machine reads them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o077
"""The rights that group and others do not get."""
_ENTER: Final = 0o011


def keep_private() -> None:
    """Have everything that this process and its children make be readable by its own user only."""
    os.umask(PRIVATE)


def loose(folder: Path) -> Iterator[Path]:
    """Yield the files under *folder*, and folders, that other users of this machine can read or write."""
    if not all(above.stat().st_mode & _ENTER for above in folder.absolute().parents):
        return
    yield from _loose(folder)


def _loose(place: Path) -> Iterator[Path]:
    try:
        mode = place.lstat().st_mode
        if not mode & PRIVATE or place.is_symlink():
            return
        yield place
        for inner in sorted(place.iterdir()) if place.is_dir() and mode & _ENTER else ():
            yield from _loose(inner)
    except OSError:  # deleted in the meantime, or not ours to look into
        return
