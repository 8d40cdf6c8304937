"""SQLite's writer: each transaction all or nothing, and several of them in one commit."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from typing_extensions import override

from journal import writer
from journal.transaction import Transaction
from journal.writer import Writer


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE number (n INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE of (n INTEGER REFERENCES number DEFERRABLE INITIALLY DEFERRED)")
    connection.close()
    return path


class Traced(list[str]):
    """Every statement that the engine's connection runs; a commit waits while the gate is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()

    @override
    def append(self, statement: str, /) -> None:
        super().append(statement)
        if statement == "COMMIT":
            self.gate.wait(timeout=30)


@pytest.fixture
def traced() -> Traced:
    """What the engine's connection runs."""
    return Traced()


@pytest_asyncio.fixture
async def engine(file: Path, traced: Traced) -> AsyncGenerator[Engine]:
    made = create_engine(f"sqlite:///{file}", isolation_level="AUTOCOMMIT")

    def connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=0")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.set_trace_callback(traced.append)

    event.listen(made, "connect", connect)
    yield made
    made.dispose()


@pytest_asyncio.fixture
async def one(engine: Engine) -> AsyncGenerator[Writer]:
    """The writer of one process."""
    made = Writer(engine)
    yield made
    await made.close()


async def add(writer: Writer, number: int) -> None:
    async with writer.write() as c:
        await put(c, number)


async def put(c: Transaction, number: int) -> None:
    await c.execute(text("INSERT INTO number VALUES (:n)"), {"n": number})


def stored(file: Path) -> list[int]:
    connection = sqlite3.connect(file)
    try:
        return [row[0] for row in connection.execute("SELECT n FROM number ORDER BY rowid")]
    finally:
        connection.close()


async def test_what_has_been_written_is_in_the_file_in_order(one: Writer, file: Path) -> None:
    await asyncio.gather(*(add(one, number) for number in range(30)))
    assert stored(file) == list(range(30))


async def test_transactions_that_meet_share_a_commit(one: Writer, traced: Traced) -> None:
    await asyncio.gather(*(add(one, number) for number in range(30)))
    assert traced.count("COMMIT") < 5


async def test_one_that_fails_takes_back_only_its_own(one: Writer, file: Path) -> None:

    async def fail(number: int) -> None:
        async with one.write() as c:
            await put(c, number)
            raise LookupError

    done = await asyncio.gather(add(one, 1), fail(2), add(one, 3), fail(4), return_exceptions=True)
    assert [type(result) for result in done] == [type(None), LookupError, type(None), LookupError]
    assert stored(file) == [1, 3]


async def test_nothing_stays_open_when_all_are_cancelled(one: Writer, file: Path) -> None:
    entered = asyncio.Event()

    async def dawdle() -> None:
        async with one.write() as c:
            await put(c, 1)
            entered.set()
            await asyncio.sleep(60)

    tasks = [asyncio.create_task(dawdle()), asyncio.create_task(add(one, 2)), asyncio.create_task(add(one, 3))]
    await entered.wait()
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await one.close()
    with sqlite3.connect(file, timeout=0) as other:
        other.execute("BEGIN IMMEDIATE")  # would be refused while somebody holds the file
    other.close()
    assert stored(file) == []


async def test_one_that_is_cancelled_after_its_block_is_committed_all_the_same(one: Writer, file: Path) -> None:
    left = asyncio.Event()

    async def leave() -> None:
        async with one.write() as c:
            await put(c, 1)
            left.set()

    async def hold() -> None:
        async with one.write() as c:
            await left.wait()
            await put(c, 2)

    leaving = asyncio.create_task(leave())
    holding = asyncio.create_task(hold())
    await left.wait()
    leaving.cancel()
    await asyncio.gather(leaving, holding, return_exceptions=True)
    await one.close()
    assert stored(file) == [1, 2]


async def test_it_waits_for_the_writer_of_another_process(one: Writer, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(add(one, 1))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    other.execute("COMMIT")
    await waiting
    other.close()
    assert stored(file) == [1]


async def test_it_does_not_wait_for_ever(one: Writer, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "BUSY", 0.02)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        await add(one, 1)
    other.execute("COMMIT")
    other.close()
    await add(one, 2)
    assert stored(file) == [2]


async def test_when_the_commit_fails_all_who_share_it_know(one: Writer, file: Path) -> None:

    async def dangle() -> None:
        async with one.write() as c:
            await c.execute(text("INSERT INTO of VALUES (7)"))

    # While the first is committed, the others queue up; and then they share.
    done = await asyncio.gather(add(one, 1), add(one, 2), dangle(), return_exceptions=True)
    assert [type(result) for result in done] == [type(None), OperationalError, OperationalError]
    await add(one, 3)
    assert stored(file) == [1, 3]


async def test_when_sqlite_takes_all_back_nobody_is_told_that_it_was_kept(one: Writer, file: Path) -> None:
    # As it does by itself when the disk is full, for one.
    async def spoil() -> None:
        async with one.write() as c:
            await c.execute(text("INSERT OR ROLLBACK INTO number VALUES (1)"))

    # The first is committed alone; those that queue up meanwhile share, and the third of all spoils it.
    done = await asyncio.gather(add(one, 1), add(one, 2), spoil(), add(one, 4), return_exceptions=True)
    kept = [number for number, result in zip((1, 2, 0, 4), done, strict=True) if result is None]
    assert isinstance(done[2], IntegrityError)
    assert isinstance(done[1], OperationalError)
    assert stored(file) == kept == [1, 4]
    await add(one, 5)
    assert stored(file) == [1, 4, 5]


async def test_a_commit_that_fails_under_one_who_is_cancelled_has_failed_for_the_others(
    one: Writer, traced: Traced
) -> None:
    async def dangle() -> None:
        async with one.write() as c:
            await c.execute(text("INSERT INTO of VALUES (7)"))

    # The first commits alone; of those that queue up meanwhile, the first commits for both.
    alone, committing, sharing = (asyncio.create_task(work) for work in (add(one, 1), dangle(), add(one, 2)))
    await alone
    traced.gate.clear()
    while traced.count("COMMIT") < 2:  # noqa: ASYNC110 - a thread reaches it
        await asyncio.sleep(0.001)
    committing.cancel()
    await asyncio.sleep(0)
    traced.gate.set()
    done = await asyncio.gather(committing, sharing, return_exceptions=True)
    assert [type(result) for result in done] == [asyncio.CancelledError, OperationalError]
