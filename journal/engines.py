"""SQLAlchemy's engines behind a `Database`: one for a SQLite file, one for a PostgreSQL database."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, Protocol

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.ext.asyncio import create_async_engine

from journal.transaction import SqliteTransaction, Transaction
from journal.writer import BUSY, Writer

BUSY_MILLISECONDS: Final = int(BUSY * 1000)


class Transactions(Protocol):
    """Opens transactions."""

    def write(self) -> AbstractAsyncContextManager[Transaction]:
        """Open one that may write; it is committed when the block ends without an error."""
        ...

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """Open one that only reads."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


class Sqlite:
    """A file: its reads share connections, its writes go through one writer."""

    def __init__(self, url: URL) -> None:
        # A pool with a limit would stop the event loop while it waits for a connection.
        self._engine = create_engine(url, max_overflow=-1)
        prepare(self._engine, foreign_keys=True)
        writing = create_engine(url, isolation_level="AUTOCOMMIT")
        prepare(writing, foreign_keys=True, busy_milliseconds=0)
        self._writer = Writer(writing)
        self.write = self._writer.write

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Transaction]:
        """Open a transaction that sees the file as it is at its first statement."""
        await asyncio.sleep(0)  # nothing below waits: who reads in a loop would let nobody else go on
        with self._engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("BEGIN")
            yield SqliteTransaction.on(connection)

    async def close(self) -> None:
        """Finish what has been begun, and close all connections."""
        await self._writer.close()
        self._engine.dispose()


class Postgresql:
    """A server; a connection that it has closed meanwhile is replaced."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(url, pool_pre_ping=True)
        self.write = self._engine.begin

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Transaction]:
        """Open a transaction."""
        async with self._engine.connect() as connection, connection.begin():
            yield connection

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


def prepare(engine: Engine, *, foreign_keys: bool, busy_milliseconds: int = BUSY_MILLISECONDS) -> None:
    """Set the pragmas of every connection, and leave transactions to us: the driver would begin them late."""

    def connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={max(busy_milliseconds, BUSY_MILLISECONDS)}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.execute(f"PRAGMA busy_timeout={busy_milliseconds}")
        cursor.close()

    event.listen(engine, "connect", connect)
