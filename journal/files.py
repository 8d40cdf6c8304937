"""The file store: contents under their SHA-256 in a directory; only references travel."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

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
        with self.begin(LIMITS.file) as incoming:
            incoming.write(file.data)
            return incoming.keep(file.name, file.mime)

    def begin(self, limit: int) -> "Incoming":
        """Begin a file of at most *limit* bytes that arrives in pieces."""
        return Incoming(self, self._directory, limit)

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
        """Return the path of the content of *file_id*, even if missing; FileMissingError for an invalid id."""
        if not _ID.fullmatch(file_id):
            raise FileMissingError(f"{file_id!r} is not the id of a file: 64 hex digits")
        return self._directory / file_id[:2] / file_id

    def aged(self, before: datetime) -> Iterator[str]:
        """Return the ids of the files that were put for the last time before *before*."""
        for path in self._directory.glob("[0-9a-f][0-9a-f]/*"):
            if _ID.fullmatch(path.name) and _put_at(path) < before.timestamp():
                yield path.name

    def clear_drafts(self, before: datetime) -> None:
        """Remove what crashes have left half written or taken aside before that moment."""
        for pattern in (".*", "[0-9a-f][0-9a-f]/.*"):
            for path in self._directory.glob(pattern):
                if path.is_file() and _put_at(path) < before.timestamp():
                    path.unlink(missing_ok=True)

    def discard(self, file_id: str, before: datetime) -> bool:
        """Remove a file, and return whether it is gone: not when it has been put again since *before*.

        It is taken aside first: whoever puts it at this moment then finds it missing, and writes it.
        """
        path = self.path(file_id)
        aside = path.with_name(f".{file_id}.old")
        try:
            path.replace(aside)
        except FileNotFoundError:
            return False
        if young := _put_at(aside) >= before.timestamp():
            aside.replace(path)
        else:
            aside.unlink()
        return not young


class Incoming:
    """A file on its way into the store: written under another name, and renamed when it is whole.

    A block that is left without `keep` leaves nothing behind; a crash leaves the whole file or none under its id.
    """

    def __init__(self, store: FileStore, directory: Path, limit: int) -> None:
        self._store = store
        self._limit = limit
        self._hash = hashlib.sha256()
        self.size = 0
        """Bytes that have come."""
        self.is_new = False
        """Whether `keep` has added a content that the store did not have."""
        directory.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=directory, prefix=".")
        self._file = os.fdopen(descriptor, "wb")
        self._path = Path(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """Take the next piece; ContactError when the file becomes larger than its limit."""
        self.size += len(data)
        if self.size > self._limit:
            raise ContactError(f"expected a file of at most {self._limit} bytes, found more")
        self._hash.update(data)
        self._file.write(data)

    def keep(self, name: str, mime: str) -> FileRef:
        """Make the file durable, and return the reference to it."""
        file_id = self._hash.hexdigest()
        path = self._store.path(file_id)
        try:
            os.utime(path)  # it is as young as those who refer to it
        except FileNotFoundError:
            self._file.flush()
            os.fsync(self._file.fileno())
            path.parent.mkdir(parents=True, exist_ok=True)
            self._path.replace(path)
            self.is_new = True
            for folder in (path.parent, path.parent.parent):
                _sync(folder)
        return FileRef(id=file_id, name=name, mime=mime, size=self.size)


def _put_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # somebody else has just taken it aside
        return float("inf")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
