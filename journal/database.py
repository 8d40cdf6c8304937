"""The database: its transactions, its version, and the way to upgrade it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from domain.errors import SettingsError
from journal.dialect import POSTGRESQL, lock_number
from journal.engines import Postgresql, Sqlite, Transactions, prepare
from journal.errors import DatabaseVersionError, translated
from journal.transaction import Transaction

UPGRADE_BUSY_MILLISECONDS = 60_000
MIGRATIONS = Path(__file__).parent / "migrations"
UNRELEASED = frozenset(
    {"0001_first", "0002_audit", "0003_tags_and_scores", "0004_priorities", "0005_contacts", "0006_queues"}
)
"""Revisions from before the first release, which no migration leads on from."""
_DRIVERS: Final = {"sqlite": "sqlite+pysqlite", POSTGRESQL: "postgresql+psycopg"}


class Database:
    """One SQLite file (`sqlite:///path.db`) or PostgreSQL database (`postgresql://...`).

    On SQLite the writers of one process queue in memory and share commits (`journal.writer`); those of other
    processes wait for the file up to five seconds. Where the database fails, DatabaseError is raised, or
    DatabaseAwayError when it will take the same statement later.
    """

    def __init__(self, url: str) -> None:
        self._url = _parse(url)
        self._where = _shown(self._url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self._transactions: Transactions = (Sqlite if self._sqlite else Postgresql)(_with_driver(self._url))

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Transaction]:
        """Open one transaction that may write; it is committed when the block ends without an error.

        Do not open a second one inside: on SQLite it would wait for the first.
        """
        with translated(self._where):
            async with self._transactions.write() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Transaction]:
        """Open one transaction that only reads."""
        with translated(self._where):
            async with self._transactions.read() as connection:
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
        await self._transactions.close()

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
    if sqlite:
        Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(_with_driver(parsed), poolclass=NullPool)
    if sqlite:
        # Batch mode rebuilds tables, which foreign keys would hinder.
        prepare(engine, foreign_keys=False, busy_milliseconds=UPGRADE_BUSY_MILLISECONDS)
        event.listen(engine, "begin", _begin_immediate)
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


def _with_driver(url: URL) -> URL:
    return url.set(drivername=_DRIVERS[url.get_backend_name()])


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


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
