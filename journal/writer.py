"""The one writer of a process on a SQLite file: transactions that meet share a commit."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from journal.transaction import SqliteTransaction, Transaction
from runtime.shielded import shielded

BUSY: Final = 5.0
"""Seconds to wait for another process's writer."""
_PAUSES: Final = (0.0005, 0.004)
"""Seconds between two looks at the file's lock: the first, and the longest."""


class _Group:
    """Transactions that are committed together."""

    def __init__(self) -> None:
        self.over = False
        self.error: OperationalError | None = None


class Writer:
    """Lets the transactions of a process in one by one, each all or nothing, and commits those that meet together.

    To commit is to wait for the disk, which is most of a small transaction. So one that is done queues up again
    behind those that have come meanwhile: they join it, and the first that is through commits for all.
    """

    def __init__(self, engine: Engine) -> None:
        """For *engine* each statement stands alone (AUTOCOMMIT): where transactions begin and end is decided here."""
        self._engine = engine
        self._connection: Connection | None = None
        self._driver: sqlite3.Connection
        self._queue = asyncio.Lock()
        self._group: _Group | None = None
        self._left_behind: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Transaction]:
        """Open one transaction; when the block has ended without an error, it is on the disk."""
        group = None
        try:
            async with self._queue:
                connection = self._connection or self._connect()
                group = self._group = self._group or await self._begin()
                with self._member(group):
                    yield SqliteTransaction.on(connection)
        finally:
            if group is not None:
                await self._commit(group)
        if group is not None and group.error is not None:
            raise group.error

    async def close(self) -> None:
        """Finish the begun transactions, and close the connection."""
        await asyncio.gather(*self._left_behind)
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    def _connect(self) -> Connection:
        connection = self._engine.connect()
        driver: Any = connection.connection.driver_connection
        self._connection, self._driver = connection, driver
        return connection

    def _leave_behind(self, group: _Group) -> None:
        """Let *group* be committed, although its leader was cancelled."""
        task = asyncio.ensure_future(self._commit(group))
        self._left_behind.add(task)
        task.add_done_callback(self._left_behind.discard)

    async def _begin(self) -> _Group:
        """Begin as soon as no other process writes; OperationalError after five seconds."""
        give_up_at = time.monotonic() + BUSY
        pause, longest = _PAUSES
        while True:
            try:
                self._driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                    raise OperationalError("BEGIN IMMEDIATE", None, error) from error
            else:
                return _Group()
            await asyncio.sleep(pause)
            pause = min(2 * pause, longest)

    @contextmanager
    def _member(self, group: _Group) -> Generator[None]:
        """Make the statements inside all or nothing, independent of the others in the group.

        SQLite may take back the whole transaction by itself (a full disk): then all who share it have failed.
        """
        self._driver.execute("SAVEPOINT member")
        try:
            yield
        except BaseException as error:
            if self._driver.in_transaction:
                self._driver.execute("ROLLBACK TO member")
                self._driver.execute("RELEASE member")
            else:
                self._give_up(group, OperationalError("COMMIT", None, error))
            raise
        self._driver.execute("RELEASE member")

    def _give_up(self, group: _Group, error: OperationalError) -> None:
        group.over, group.error = True, error
        self._group = None

    async def _commit(self, group: _Group) -> None:
        try:
            async with self._queue:
                if not group.over:
                    await self._end(group)
        except asyncio.CancelledError:
            if not group.over:
                self._leave_behind(group)
            raise

    @shielded
    async def _end(self, group: _Group) -> None:
        self._group = None
        try:
            await asyncio.to_thread(self._driver.commit)
        except sqlite3.Error as error:
            self._driver.rollback()
            self._give_up(group, OperationalError("COMMIT", None, error))
        finally:
            group.over = True
