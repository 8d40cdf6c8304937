import asyncio
import multiprocessing
import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import inspect, text, update

from domain.errors import SettingsError
from journal import database as database_module
from journal import inbox
from journal.database import Database, upgrade
from journal.dialect import insert
from journal.errors import DatabaseError, DatabaseVersionError
from journal.tables import flow_current, protocol_day
from journal.tables import inbox as inbox_table
from tests.journal.factory import LEASE, NOW, inbox_item

VERSIONS = Path(__file__).parents[2] / "journal" / "migrations" / "versions"
REVISIONS = sorted(file.stem for file in VERSIONS.glob("[0-9]*.py"))


async def test_an_upgraded_database_has_the_right_version(db: Database) -> None:
    await db.check_version()


async def test_a_database_never_upgraded_is_refused_with_the_command_that_helps(url: str) -> None:
    database = Database(url)
    with pytest.raises(DatabaseVersionError, match=r"`prosa up` .*`prosa db upgrade`; .*`prosa -C FOLDER "):
        await database.check_version()
    await database.close()


async def test_checking_a_sqlite_file_that_is_missing_does_not_create_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/prosa.db")
    with pytest.raises(DatabaseVersionError):
        await database.check_version()
    await database.close()
    assert os.listdir(tmp_path) == []  # noqa: PTH208 a Path would be refused here as blocking


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [
        ("0006_queues", "before the first release .*'0006_queues'.* a new data folder .* an empty database"),
        ("9999_later", rf"later Prosa: expected revision '{REVISIONS[-1]}', found '9999_later': start that Prosa"),
    ],
)
async def test_a_database_that_no_migration_leads_on_from_is_refused(url: str, revision: str, sentence: str) -> None:
    upgrade(url)
    database = Database(url)
    async with database.write() as c:
        await c.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    with pytest.raises(DatabaseVersionError, match=sentence):
        await database.check_version()
    await database.close()
    with pytest.raises(DatabaseVersionError, match=sentence):
        upgrade(url)


NEXT = f"""
from alembic import op

revision = "0002_next"
down_revision = "{REVISIONS[-1]}"


def upgrade() -> None:
    op.create_index("ix_contact_name", "contact", ["name"])
"""


async def test_a_database_from_before_the_last_migration_is_refused_until_it_is_upgraded(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(url)
    later = tmp_path / "migrations"
    shutil.copytree(database_module.MIGRATIONS, later)
    (later / "versions" / "0002_next.py").write_text(NEXT, encoding="utf-8")
    monkeypatch.setattr(database_module, "MIGRATIONS", later)
    database = Database(url)
    with pytest.raises(
        DatabaseVersionError, match=rf"revision '{REVISIONS[-1]}', this Prosa needs '0002_next': run `prosa db upgrade`"
    ):
        await database.check_version()
    assert upgrade(url) == ["0002_next"]
    await database.check_version()
    await database.close()


def test_upgrading_names_the_revisions_and_then_has_nothing_to_do(url: str) -> None:
    assert upgrade(url) == REVISIONS
    assert upgrade(url) == []


def test_many_processes_upgrading_at_once_apply_each_revision_once(url: str) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        applied = pool.map(upgrade, [url] * 4, chunksize=1)
    assert sorted(applied) == [[], [], [], REVISIONS]


@pytest.mark.parametrize("wrong", ["mysql://host/name", "not a url", "sqlite://", "sqlite:///:memory:"])
def test_other_databases_are_refused(wrong: str) -> None:
    with pytest.raises(SettingsError):
        Database(wrong)


async def test_a_write_is_all_or_nothing(db: Database) -> None:
    with suppress(RuntimeError):
        async with db.write() as c:
            await inbox.receive(c, inbox_item(1), owner="g", lease=LEASE, now=NOW)
            raise RuntimeError
    async with db.read() as c:
        assert await inbox.waiting(c, now=NOW, limit=10) == []


async def test_foreign_keys_are_enforced(db: Database) -> None:
    with pytest.raises(DatabaseError):
        async with db.write() as c:
            await c.execute(insert(c, flow_current).values(name="support", version="nowhere"))


async def test_sqlite_writes_are_on_the_disk_when_acknowledged(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/prosa.db"
    upgrade(url)
    database = Database(url)
    async with database.write() as c:
        pragmas = [await c.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")]
    await database.close()
    assert pragmas == ["wal", 2]


async def test_sqlite_writers_of_two_processes_take_turns_from_the_beginning(tmp_path: Path) -> None:
    # A deferred transaction that read first and writes later would fail with "database is locked" at once.
    url = f"sqlite:///{tmp_path}/prosa.db"
    upgrade(url)
    one, other = Database(url), Database(url)

    async def count_up(database: Database) -> None:
        for _ in range(20):
            async with database.write() as c:
                last = await c.scalar(text("SELECT last FROM protocol_day"))
                await asyncio.sleep(0)
                if last is None:
                    await c.execute(insert(c, protocol_day).values(day="20260302", last=1))
                else:
                    await c.execute(update(protocol_day).values(last=last + 1))

    await asyncio.gather(count_up(one), count_up(other), count_up(one))
    async with one.read() as c:
        assert await c.scalar(text("SELECT last FROM protocol_day")) == 60
    await one.close()
    await other.close()


async def test_times_are_kept_as_integers(db: Database) -> None:
    async with db.write() as c:
        await inbox.receive(c, inbox_item(1), owner="g", lease=LEASE, now=NOW)
    async with db.read() as c:
        assert await c.scalar(text("SELECT received_at FROM inbox")) == 1_772_461_800_000
        assert await c.scalar(inbox_table.select().with_only_columns(inbox_table.c.received_at)) == NOW


async def test_the_tables_are_indexed_where_they_are_searched(db: Database) -> None:
    async with db.read() as c:
        indexed = await c.run_sync(lambda sync: {ix["name"] for ix in inspect(sync).get_indexes("inbox")})
    assert {"ix_inbox_workflow_id_state_id", "ix_inbox_state_next_forward_at"} <= indexed
