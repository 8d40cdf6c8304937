import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from domain import errors
from journal import writer
from journal.database import Database, upgrade
from journal.dialect import insert
from journal.errors import DatabaseAwayError, DatabaseError, translated
from journal.tables import flow_current, protocol_day


async def test_a_statement_that_breaks_a_rule_is_refused_without_its_values(db: Database) -> None:
    with pytest.raises(DatabaseError, match="does not do what is asked") as raised:
        async with db.write() as c:
            await c.execute(insert(c, flow_current).values(name="support", version="of nobody"))
    assert not isinstance(raised.value, DatabaseAwayError)
    assert "of nobody" not in str(raised.value)


async def test_a_query_that_cannot_be_run_is_refused(db: Database) -> None:
    with pytest.raises(DatabaseError):
        async with db.read() as c:
            await c.execute(text("SELECT nothing FROM nowhere"))


async def test_a_folder_that_is_not_there_is_a_database_that_is_away(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/gone/prosa.db")
    with pytest.raises(DatabaseAwayError, match=r"gone/prosa\.db does not .*: unable to open database file"):
        async with database.read():
            pass
    await database.close()


async def test_another_writer_that_does_not_end_is_a_database_that_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "BUSY", 0.02)
    file = tmp_path / "prosa.db"
    upgrade(f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseAwayError, match="locked"):
        async with database.write() as c:
            await c.execute(insert(c, protocol_day).values(day="20261130", last=1))
    other.close()
    await database.close()


def test_an_upgrade_without_an_answer_names_the_database_and_not_its_password() -> None:
    with pytest.raises(DatabaseAwayError, match=r"127\.0\.0\.1:1/prosa") as raised:
        upgrade("postgresql://prosa:hush@127.0.0.1:1/prosa")
    assert "hush" not in str(raised.value)


def test_a_pool_without_a_free_connection_is_a_database_that_is_away() -> None:
    with pytest.raises(DatabaseAwayError, match="here does not do what is asked: all are in use"), translated("here"):
        raise PoolTimeoutError("all are in use")


def test_of_what_the_driver_said_only_the_first_line_is_told() -> None:
    with pytest.raises(DatabaseAwayError) as raised, translated("here"):
        raise OperationalError("INSERT", {"address": "Ana"}, Exception("disk full\nDETAIL: address Ana"))
    assert str(raised.value) == "the database here does not do what is asked: disk full"


def test_other_errors_pass() -> None:
    with pytest.raises(OSError, match="a file"), translated("here"):
        raise OSError("a file")


def test_their_codes_are_of_no_other_error() -> None:
    others = {getattr(found, "code", "") for found in vars(errors).values()}
    assert not {DatabaseError.code, DatabaseAwayError.code} & others
