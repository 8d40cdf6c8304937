"""The hub: notices that the journal has grown, and wakes the streams that follow it."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from journal import transcript
from journal.database import Database

_POLL: Final = 0.1
_PATIENCE: Final = 1.0


class Hub:
    """One poll of the database for all streams of this process, and none while there is no stream."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners = 0
        self._poller: asyncio.Task[None] | None = None
        self._change = asyncio.Event()
        self.closed = False

    @contextmanager
    def listening(self) -> Generator[None]:
        """Be woken while inside."""
        self._listeners += 1
        if self._poller is None:
            self._poller = asyncio.create_task(self._poll(), name="hub")
        try:
            yield
        finally:
            self._listeners -= 1
            if not self._listeners:
                self._poller.cancel()
                self._poller = None

    @property
    def change(self) -> asyncio.Event:
        """What is set at the next change. Take it before reading: then no change falls between the two."""
        return self._change

    def close(self) -> None:
        """End all streams."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        self._change.set()
        self._change = asyncio.Event()

    async def _poll(self) -> None:
        known: int | None = None
        while True:
            try:
                async with self._database.read() as c:
                    found = await transcript.newest(c)
            except (SQLAlchemyError, OSError):  # the streams say it when they read themselves
                await asyncio.sleep(_PATIENCE)
                continue
            if known is not None and found != known:
                self._wake()
            known = found
            await asyncio.sleep(_POLL)
