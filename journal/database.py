"""The database: its transactions, its version, and the way to upgrade it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from domain.errors import SettingsError
from journal import sqlite_driver
from journal.dialect import POSTGRESQL, lock_number
from journal.errors import DatabaseVersionError, translated
from journal.writer import BUSY, Writer

BUSY_MILLISECONDS = int(BUSY * 1000)
UPGRADE_BUSY_MILLISECONDS = 60_000
MIGRATIONS = Path(__file__).parent / "migrations"
UNRELEASED = frozenset(
    {"0001_first", "0002_audit", "0003_tags_and_scores", "0004_priorities", "0005_contacts", "0006_queues"}
)
"""Revisions from before the first release, which no migration leads on from."""
_DRIVERS = {"sqlite": ("sqlite+pysqlite", sqlite_driver.DRIVER), POSTGRESQL: ("postgresql+psycopg",) * 2}


Transaction: TypeAlias = AsyncConnection
"""One open transaction: `read` and `write` give it, the functions of this package take it."""


class Database:
    """One SQLite file (`sqlite:///path.db`) or PostgreSQL database (`postgresql://...`).

    On SQLite the writers of one process queue in memory and share commits (`journal.writer`); those of other
    processes wait for the file up to five seconds. Where the database fails, DatabaseError is raised, or
    DatabaseAwayError when it will take the same statement later.
    """

    def __init__(self, url: str) -> None:
        self._url = _parse(url)
        self._where = _shown(self._url)
        _, driver = _DRIVERS[self._url.get_backend_name()]
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self._engine = create_async_engine(self._url.set(drivername=driver), pool_pre_ping=not self._sqlite)
        self._writer = None
        if self._sqlite:
            _prepare_sqlite(self._engine.sync_engine, foreign_keys=True)
            _begin_with(self._engine.sync_engine, "BEGIN")
            writing = create_async_engine(self._engine.url)
            _prepare_sqlite(writing.sync_engine, foreign_keys=True, busy_milliseconds=0)
            self._writer = Writer(writing)

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Transaction]:
        """Open one transaction that may write; it is committed when the block ends without an error.

        Do not open a second one inside: on SQLite it would wait for the first.
        """
        with translated(self._where):
            async with self._writer.write() if self._writer else self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Transaction]:
        """Open one transaction that only reads."""
        with translated(self._where):
            async with self._engine.connect() as connection, connection.begin():
                yield connection

    async def check_version(self) -> None:
        """Raise DatabaseVersionError unless the database is the one that this code was written for."""
        scripts = ScriptDirectory.from_config(alembic_config())
        found = None
        if self._exists():
            async with self.read() as connection:
                found = await connection.run_sync(_revision)
        if found is None:
            raise DatabaseVersionError(
                f"{self._where} holds nothing yet",
                mend="`prosa up` prepares it, or `prosa db upgrade`; "
                "for what is in another folder, as the demo's in var/demo, say `prosa -C FOLDER ...`",
            )
        _check_known(scripts, found, self._url)
        if found != (expected := scripts.get_current_head()):
            raise DatabaseVersionError(
                f"the database is at revision {found!r}, this Prosa needs {expected!r}",
                mend="run `prosa db upgrade`, after a backup",
            )

    async def close(self) -> None:
        """Close all connections."""
        if self._writer is not None:
            await self._writer.close()
        await self._engine.dispose()

    def _exists(self) -> bool:
        # To open a SQLite file is to create it.
        return not self._sqlite or Path(self._url.database or "").is_file()


def upgrade(url: str) -> list[str]:
    """Bring the database at *url* to this code's revision; return the revisions applied, in order.

    DatabaseVersionError when no migration leads there: it is from before the first release, or from a later Prosa.
    The folder of a SQLite file is created. Several processes may upgrade at once: one does the work.
    DatabaseError when the database fails.
    """
    parsed = _parse(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    driver, _ = _DRIVERS[parsed.get_backend_name()]
    if sqlite:
        Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed.set(drivername=driver), poolclass=NullPool)
    if sqlite:
        # Batch mode rebuilds tables, which foreign keys would hinder.
        _prepare_sqlite(engine, foreign_keys=False, busy_milliseconds=UPGRADE_BUSY_MILLISECONDS)
        _begin_with(engine, "BEGIN IMMEDIATE")
    applied: list[str] = []
    with translated(parsed.render_as_string(hide_password=True)), engine.begin() as connection:
        if not sqlite:
            connection.execute(select(func.pg_advisory_xact_lock(lock_number("prosa db upgrade"))))
        config = alembic_config(connection=connection, applied=applied)
        if (found := _revision(connection)) is not None:
            _check_known(ScriptDirectory.from_config(config), found, parsed)
        command.upgrade(config, "head")
    engine.dispose()
    return applied


def alembic_config(**attributes: Any) -> Config:
    """Return Alembic's configuration; `connection` among *attributes* is where a command runs."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes.update(attributes)
    return config


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingsError("the database is not given as sqlite:///path.db or postgresql://...") from error
    if parsed.get_backend_name() not in _DRIVERS:
        raise SettingsError(f"database {parsed.drivername!r} is not sqlite or postgresql")
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise SettingsError("a SQLite database needs a file: sqlite:///path.db")
    return parsed


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _check_known(scripts: ScriptDirectory, found: str, url: URL) -> None:
    """Raise DatabaseVersionError when no migration of *scripts* leads on from revision *found* of the database."""
    if found in UNRELEASED:
        raise DatabaseVersionError(
            f"{_shown(url)} is from before the first release of Prosa (revision {found!r}) and cannot be upgraded",
            mend="begin with a new data folder (data in prosa.toml), or with an empty database (database.url) "
            "and an empty namespace of Temporal (temporal.namespace)",
        )
    if found not in {script.revision for script in scripts.walk_revisions()}:
        raise DatabaseVersionError(
            f"{_shown(url)} is from a later Prosa: expected revision {scripts.get_current_head()!r}, found {found!r}",
            mend="start that Prosa, or restore a backup that this one made",
        )


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _prepare_sqlite(engine: Any, *, foreign_keys: bool, busy_milliseconds: int = BUSY_MILLISECONDS) -> None:
    """Set the pragmas of every connection, and leave transactions to us: the driver would begin them late."""

    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={max(busy_milliseconds, BUSY_MILLISECONDS)}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.execute(f"PRAGMA busy_timeout={busy_milliseconds}")
        cursor.close()

    event.listen(engine, "connect", connect)


def _begin_with(engine: Any, statement: str) -> None:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    event.listen(engine, "begin", begin)
