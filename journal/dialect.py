"""The few places where SQLite and PostgreSQL have to be told apart."""

import hashlib
from collections.abc import Callable
from typing import cast

from sqlalchemy import Executable, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

POSTGRESQL = "postgresql"
SQLITE = "sqlite"


def insert(connection: AsyncConnection, table: Table) -> postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT; the two dialects spell its methods alike."""
    if connection.dialect.name == POSTGRESQL:
        return postgresql.insert(table)
    return cast("postgresql.Insert", sqlite.insert(table))


def prepared(
    table: Table, build: Callable[[postgresql.Insert], Executable] = lambda new: new
) -> Callable[[AsyncConnection], Executable]:
    """Return what answers *build*'s INSERT for a connection; it is built here, once for each dialect.

    SQLAlchemy takes three times as long to build a statement as to run it: those of every turn are constants.
    """
    built = {
        POSTGRESQL: build(postgresql.insert(table)),
        SQLITE: build(cast("postgresql.Insert", sqlite.insert(table))),
    }
    return lambda connection: built[connection.dialect.name]


def storable(text: str) -> str:
    """Return *text* without NUL, which PostgreSQL does not keep in a column of text."""
    return text.replace("\0", "")


async def lock(connection: AsyncConnection, key: str) -> None:
    """Let one transaction at a time past this point for *key*, until it ends.

    SQLite has nothing to do: its writers begin with BEGIN IMMEDIATE, so there is only one.
    """
    if connection.dialect.name == POSTGRESQL:
        await connection.execute(select(func.pg_advisory_xact_lock(lock_number(key))))


def lock_number(key: str) -> int:
    """Return the 64-bit number under which PostgreSQL's advisory locks know *key*."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True)
