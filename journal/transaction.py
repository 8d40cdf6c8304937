"""An open transaction, as the functions of the journal take it, whichever database is behind it."""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Dialect, Executable, ScalarResult
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

Transaction: TypeAlias = AsyncConnection
"""SQLAlchemy's for async drivers; on SQLite it has the methods of `SqliteTransaction`, and no other may be called."""


class SqliteTransaction:
    """A transaction on a SQLite file: a statement takes 20 µs, so it runs where it stands, without a thread.

    What may wait, for another writer or for the disk, is `journal.writer`'s.
    """

    @classmethod
    def on(cls, connection: Connection) -> Transaction:
        """Return the transaction that is open on *connection*."""
        return cast("Transaction", cls(connection))

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        """How SQLite spells SQL."""
        return self._connection.dialect

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run *statement*; its rows."""
        return self._connection.execute(statement, parameters)

    async def scalars(self, statement: Executable, parameters: Any = None) -> ScalarResult[Any]:
        """Run *statement*; the first column of its rows."""
        return self._connection.scalars(statement, parameters)

    async def scalar(self, statement: Executable, parameters: Any = None) -> Any:
        """Run *statement*; the first column of its first row, None when there is no row."""
        return self._connection.scalar(statement, parameters)

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """Let *work* have SQLAlchemy's own connection."""
        return work(self._connection)
