"""The few places where SQLite and PostgreSQL have to be told apart."""

import hashlib
from typing import cast

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

POSTGRESQL = "postgresql"


def insert(connection: AsyncConnection, table: Table) -> postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT; the two dialects spell its methods alike."""
    if connection.dialect.name == POSTGRESQL:
        return postgresql.insert(table)
    return cast("postgresql.Insert", sqlite.insert(table))


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
