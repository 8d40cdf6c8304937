"""SQLite for asyncio without a thread hop for every statement.

A statement on a local file takes 20 µs; handing it to a thread and back, as aiosqlite does, takes ten times as
long. So statements run where they are; what may wait, for another writer or for the disk, is `journal.writer`'s.
"""

import sqlite3
from typing import Any

from sqlalchemy import URL, AsyncAdaptedQueuePool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util.concurrency import await_, in_greenlet
from typing_extensions import override

DRIVER = "sqlite+inline"


class InlineCursor(sqlite3.Cursor):
    """A cursor that SQLAlchemy's async results accept: there is nothing left to wait for when it is closed."""

    async def _async_soft_close(self) -> None:
        """Be closed: SQLAlchemy 2.1 asks for this of the cursors of async drivers."""


class InlineConnection(sqlite3.Connection):
    """A connection with such cursors."""

    @override
    def cursor(self, factory: Any = InlineCursor) -> Any:
        return super().cursor(factory)


class InlineSqlite(SQLiteDialect_pysqlite):
    """The standard library's driver, offered to async engines: its calls return without suspending."""

    is_async = True
    supports_statement_cache = True

    @override
    def create_connect_args(self, url: URL) -> Any:
        arguments, options = super().create_connect_args(url)
        return arguments, {**options, "factory": InlineConnection}

    @override
    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        super().do_execute(cursor, statement, parameters, context)
        _yield()

    @override
    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        super().do_executemany(cursor, statement, parameters, context)
        _yield()

    @classmethod
    @override
    def get_pool_class(cls, url: URL) -> type[AsyncAdaptedQueuePool]:
        return AsyncAdaptedQueuePool


def _yield() -> None:
    """Await something that is ready: SQLAlchemy takes a driver that never awaits for one that blocks."""
    if in_greenlet():
        await_(_ready())


async def _ready() -> None:
    """Be done."""


registry.register("sqlite.inline", __name__, InlineSqlite.__name__)
