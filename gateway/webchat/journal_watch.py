"""The hub: notices that the journal has grown, and wakes the streams that follow it."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from journal import transcript
from journal.database import Database
from journal.errors import DatabaseError
from runtime.shielded import shielded

_POLL: Final = 0.1
_PATIENCE: Final = 1.0


class Hub:
    """One poll of the database for all streams of this process, and none while there is no stream."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners = 0
        self._wanted = asyncio.Event()
        self._change = asyncio.Event()
        self.closed = False

    @contextmanager
    def listening(self) -> Generator[None]:
        """Be woken while inside."""
        self._listeners += 1
        self._wanted.set()
        try:
            yield
        finally:
            self._listeners -= 1
            if not self._listeners:
                self._wanted.clear()

    @property
    def change(self) -> asyncio.Event:
        """An event that is set at the next change. Take it before reading: then no change is missed."""
        return self._change

    def close(self) -> None:
        """End all streams."""
        self.closed = True
        self._wake()

    async def run(self) -> None:
        """Poll until cancelled, while there is a listener."""
        known: int | None = None
        while True:
            await self._wanted.wait()
            try:
                found = await self._newest()
            except (DatabaseError, OSError):  # the streams say it when they read themselves
                await asyncio.sleep(_PATIENCE)
                continue
            if known is not None and found != known:
                self._wake()
            known = found
            await asyncio.sleep(_POLL)

    def _wake(self) -> None:
        self._change.set()
        self._change = asyncio.Event()

    @shielded
    async def _newest(self) -> int:
        async with self._database.read() as c:
            return await transcript.newest(c)
