"""The spool: where requests wait on disk while the database is away."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from channels.base import StatusReport
from domain.model import Value
from journal.errors import DatabaseAwayError, DatabaseError
from journal.inbox import InboxItem
from runtime.logging import logger

CAPACITY: Final = 100 * 1024 * 1024
"""Bytes; beyond, providers are asked to come again."""

DATABASE_AWAY: Final = (DatabaseAwayError, OSError)
"""Errors of a database that will take the same batch later."""


class Batch(Value):
    """The messages and reports of one request."""

    account: str
    items: tuple[InboxItem, ...] = ()
    reports: tuple[StatusReport, ...] = ()


class Spool:
    """A directory with one file a request, named so that their order is that of arrival."""

    def __init__(self, directory: Path, capacity: int = CAPACITY) -> None:
        self._directory = directory
        self._capacity = capacity
        self._files: dict[Path, int] = {}
        self._reserved = 0
        self._last = 0
        self._list()

    def __len__(self) -> int:
        return len(self._files)

    async def put(self, batch: Batch) -> bool:
        """Keep *batch* on the disk, and say whether that was possible."""
        content = batch.model_dump_json().encode()
        self._last = max(self._last + 1, time.time_ns())  # the clock may step back, names may not
        file = self._directory / f"{self._last:020d}-{os.getpid()}.json"
        if sum(self._files.values()) + self._reserved + len(content) > self._capacity:
            logger().error("spool_full", capacity=self._capacity)
            return False
        self._reserved += len(content)
        try:
            await asyncio.to_thread(_write, file, content)
        except OSError as error:
            logger().error("spool_not_writable", error=error.strerror)
            return False
        finally:
            self._reserved -= len(content)
        self._files[file] = len(content)
        return True

    async def drain(self, store: Callable[[Batch], Awaitable[None]]) -> None:
        """Hand the kept batches to *store*, oldest first, until it is empty; those that *store* has taken are removed.

        The errors of a database that is away are raised. A file that is not taken for another reason is set aside.
        """
        await asyncio.to_thread(self._list)
        while self._files:
            file = min(self._files)
            try:
                batch = Batch.model_validate_json(await asyncio.to_thread(file.read_bytes))
            except FileNotFoundError:
                logger().info("spool_drained_by_another", file=file.name)
                del self._files[file]
            except ValidationError as error:
                self._set_aside(file, error)
            else:
                await self._hand_over(file, batch, store)

    async def _hand_over(self, file: Path, batch: Batch, store: Callable[[Batch], Awaitable[None]]) -> None:
        try:
            await store(batch)
        except DATABASE_AWAY:
            raise
        except DatabaseError as error:
            self._set_aside(file, error)
        else:
            del self._files[file]
            await asyncio.to_thread(file.unlink, missing_ok=True)

    def _set_aside(self, file: Path, error: Exception) -> None:
        logger().error("spool_file_set_aside", file=file.name, error=type(error).__name__)
        file.rename(file.with_suffix(".bad"))
        del self._files[file]

    def _list(self) -> None:
        # Other gateways of this machine, and earlier ones, spool here too.
        for file in self._directory.glob("*.json"):
            with suppress(FileNotFoundError):
                self._files.setdefault(file, file.stat().st_size)


def _write(file: Path, content: bytes) -> None:
    """Write under another name, sync, rename, sync the folder: a crash leaves the whole file or none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    with draft.open("wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    draft.rename(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
