"""The file store: contents under their SHA-256 in a directory; only references travel."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO

from domain.errors import ContactError, FileMissingError
from domain.limits import LIMITS
from domain.message import FileContent, FileRef

_ID = re.compile(r"[0-9a-f]{64}")


class FileStore:
    """A directory of files, each named by its content, so that storing one twice keeps one.

    Its methods block (a file is on the disk when `put` returns): call them in a thread from asyncio.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, file: FileContent) -> FileRef:
        """Store *file* and return the reference to it; ContactError when it is larger than the limit."""
        size = len(file.data)
        if size > LIMITS.file:
            raise ContactError(f"file {file.name!r} has {size} bytes, at most {LIMITS.file} are taken")
        file_id = hashlib.sha256(file.data).hexdigest()
        path = self.path(file_id)
        if not path.is_file():
            _write(path, file.data)
        return FileRef(id=file_id, name=file.name, mime=file.mime, size=size)

    def open(self, file: FileRef | str) -> BinaryIO:
        """Open the content of *file* for reading; FileMissingError when the store does not have it."""
        file_id = file if isinstance(file, str) else file.id
        try:
            return self.path(file_id).open("rb")
        except FileNotFoundError:
            raise FileMissingError(f"file {file_id!r} is not in the file store") from None

    def read(self, file: FileRef | str) -> bytes:
        """Return the content of *file*; FileMissingError when the store does not have it."""
        with self.open(file) as content:
            return content.read()

    def path(self, file_id: str) -> Path:
        """Return where the content of *file_id* is, or would be; FileMissingError for what is no id."""
        if not _ID.fullmatch(file_id):
            raise FileMissingError(f"{file_id!r} is not the id of a file: 64 hex digits")
        return self._directory / file_id[:2] / file_id


def _write(path: Path, data: bytes) -> None:
    """Write under another name, sync, rename, sync the folder: a crash leaves the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent):
        _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
