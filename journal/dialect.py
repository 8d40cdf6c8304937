"""The few places where SQLite and PostgreSQL have to be told apart."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Executable, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from journal.columns import Instant
from journal.transaction import Transaction

POSTGRESQL = "postgresql"
SQLITE = "sqlite"


def insert(connection: Transaction, table: Table) -> postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT; the two dialects spell its methods alike."""
    if connection.dialect.name == POSTGRESQL:
        return postgresql.insert(table)
    return cast("postgresql.Insert", sqlite.insert(table))


def prepared(
    table: Table, build: Callable[[postgresql.Insert], Executable] = lambda new: new
) -> Callable[[Transaction], Executable]:
    """Return a function from a connection to *build*'s INSERT, which is built here once for each dialect.

    SQLAlchemy takes three times as long to build a statement as to run it: those of every turn are constants.
    """
    built = {
        POSTGRESQL: build(postgresql.insert(table)),
        SQLITE: build(cast("postgresql.Insert", sqlite.insert(table))),
    }
    return lambda connection: built[connection.dialect.name]


def without_nul(text: str) -> str:
    """Return *text* without NUL, which PostgreSQL does not keep in a column of text."""
    return text.replace("\0", "")


async def lock(connection: Transaction, key: str) -> None:
    """Let one transaction at a time past this point for *key*, until it ends.

    SQLite has nothing to do: its writers begin with BEGIN IMMEDIATE, so there is only one.
    """
    if connection.dialect.name == POSTGRESQL:
        await connection.execute(select(func.pg_advisory_xact_lock(lock_number(key))))


def lock_number(key: str) -> int:
    """Return the 64-bit number under which PostgreSQL's advisory locks know *key*."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True)


class database_now(FunctionElement[datetime]):  # noqa: N801 - SQL functions are written in lower case
    """The database's clock when it comes to this statement, in milliseconds: one clock for all processes."""

    type = Instant()
    inherit_cache = True


@compiles(database_now, SQLITE)
def _sqlite_now(_element: database_now, _compiler: Any, **_named: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"  # the Julian day of 1970-01-01


@compiles(database_now, POSTGRESQL)
def _postgresql_now(_element: database_now, _compiler: Any, **_named: Any) -> str:
    return "CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)"
