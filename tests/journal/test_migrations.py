from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from journal.database import Database, alembic_config
from journal.tables import metadata


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


async def test_the_migrations_make_the_tables_that_the_code_expects(db: Database) -> None:
    async with db.read() as c:
        assert await c.run_sync(_differences) == []


async def test_a_missing_column_would_be_seen(own_db: Database) -> None:
    async with own_db.write() as c:
        await c.execute(text("ALTER TABLE contact DROP COLUMN name"))
        differences = await c.run_sync(_differences)
    assert [difference[0] for difference in differences] == ["add_column"]


async def test_a_downgrade_to_nothing_leaves_nothing(own_db: Database) -> None:
    # Not `write`: Alembic handles transactions itself, and SQLite's writer shares its own among several.
    async with own_db.read() as c:
        await c.run_sync(lambda sync: command.downgrade(alembic_config(connection=sync), "base"))
        names = await c.run_sync(lambda sync: inspect(sync).get_table_names())
    assert set(names) <= {"alembic_version"}
