import asyncio
import shutil
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from domain.message import Inbound
from gateway.spool import Batch, Spool
from journal.database import Database, upgrade
from journal.errors import DatabaseAwayError, DatabaseError
from journal.inbox import InboxItem
from tests.gateway.fakes import FakeTemporal, Gateway, eventually, gateway
from tests.gateway.signing import message, post


def batch(number: int) -> Batch:
    now = datetime.now(UTC)
    item = InboxItem(
        account="front",
        channel="http",
        provider_message_id=f"{number}",
        workflow_id="conversation:front:a",
        address="a",
        payload=Inbound(message_id="e", at=now, text=f"{number}"),
        received_at=now,
    )
    return Batch(account="front", items=(item,))


def names(folder: Path, pattern: str) -> list[str]:
    return sorted(file.name for file in folder.glob(pattern))


class Sink:
    """A store that remembers, or fails."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.error: Exception | None = None

    async def __call__(self, taken: Batch) -> None:
        if self.error is not None:
            raise self.error
        self.texts += [item.payload.text for item in taken.items]


async def test_what_is_put_comes_out_in_order_and_leaves_nothing(tmp_path: Path) -> None:
    spool, sink = Spool(tmp_path / "spool"), Sink()
    for number in range(10):
        assert await spool.put(batch(number))
    assert len(spool) == 10
    await spool.drain(sink)
    assert sink.texts == [f"{number}" for number in range(10)]
    assert len(spool) == 0
    assert names(tmp_path / "spool", "*") == []


async def test_a_spool_survives_its_process(tmp_path: Path) -> None:
    await Spool(tmp_path).put(batch(1))
    sink = Sink()
    later = Spool(tmp_path)
    assert len(later) == 1
    await later.drain(sink)
    assert sink.texts == ["1"]


async def test_a_half_written_file_is_no_message(tmp_path: Path) -> None:
    (tmp_path / "00000000000000000001-1.draft").write_bytes(b'{"acc')
    sink = Sink()
    await Spool(tmp_path).drain(sink)
    assert sink.texts == []


async def test_a_database_that_is_away_keeps_everything(tmp_path: Path) -> None:
    spool, sink = Spool(tmp_path), Sink()
    await spool.put(batch(1))
    sink.error = DatabaseAwayError("disk I/O error")
    with pytest.raises(DatabaseAwayError):
        await spool.drain(sink)
    assert len(spool) == 1
    sink.error = None
    await spool.drain(sink)
    assert sink.texts == ["1"]


async def test_what_no_database_takes_is_set_aside(tmp_path: Path) -> None:
    spool, sink = Spool(tmp_path), Sink()
    await spool.put(batch(1))
    (tmp_path / "00000000000000000001-1.json").write_text("{", encoding="utf-8")
    sink.error = DatabaseError("constraint")
    with capture_logs() as logs:
        await spool.drain(sink)
    assert len(spool) == 0
    assert len(names(tmp_path, "*.bad")) == 2
    assert [log["log_level"] for log in logs] == ["error", "error"]


async def test_a_full_spool_takes_no_more(tmp_path: Path) -> None:
    spool = Spool(tmp_path, capacity=len(batch(1).model_dump_json()) + 10)
    assert await spool.put(batch(1))
    assert not await spool.put(batch(2))
    await spool.drain(Sink())
    assert await spool.put(batch(2))


async def test_a_folder_that_cannot_be_written_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file, not a folder", encoding="utf-8")
    spool = Spool(tmp_path / "spool")
    assert not await spool.put(batch(1))
    assert len(spool) == 0


@pytest.fixture
async def homeless(tmp_path: Path) -> AsyncGenerator[Gateway]:
    """A gateway whose database is not there."""
    database = Database(f"sqlite:///{tmp_path}/gone/prosa.db")
    async with gateway(tmp_path, database, FakeTemporal()) as running:
        yield running
    await database.close()


async def test_without_a_database_messages_are_acknowledged_and_stored_later_in_order(homeless: Gateway) -> None:
    for number in range(10):
        answer = await post(homeless, message(number, text=f"{number}"))
        assert (answer.status_code, answer.json()) == (200, {"received": 1, "repeated": 0})
    await post(homeless, message(3, text="3"))
    assert len(names(homeless.data / "spool", "*.json")) == 11
    upgrade(f"sqlite:///{homeless.data}/gone/prosa.db")
    await post(homeless, message(10, text="10"))
    await eventually(lambda: len(homeless.temporal.signals) == 11)
    assert homeless.temporal.texts == [f"{number}" for number in range(11)]
    await eventually(lambda: names(homeless.data / "spool", "*.json") == [])
    assert (await post(homeless, message(10))).json() == {"received": 0, "repeated": 1}


async def test_a_database_that_breaks_under_way_spools_and_a_repeat_is_stored_once(
    site: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post(site, message(1, text="1"))

    def away() -> None:
        raise DatabaseAwayError("database or disk is full")

    monkeypatch.setattr(site.database, "write", away)
    assert (await post(site, message(2, text="2"))).status_code == 200
    assert (await post(site, message(2, text="2"))).status_code == 200
    monkeypatch.undo()
    await eventually(lambda: "2" in site.temporal.texts)
    await asyncio.sleep(1.2)
    assert site.temporal.texts.count("2") == 1
    # The relay could not note that it had told the first one; telling it again is harmless.
    assert list(dict.fromkeys(site.temporal.texts)) == ["1", "2"]


async def test_without_database_and_spool_the_provider_is_asked_to_come_again(homeless: Gateway) -> None:
    (homeless.data / "spool").write_text("a file, not a folder", encoding="utf-8")
    answer = await post(homeless, message(1))
    assert answer.status_code == 503
    assert "retry-after" in answer.headers


async def test_without_room_for_files_the_provider_is_asked_to_come_again(site: Gateway) -> None:
    shutil.rmtree(site.data / "files", ignore_errors=True)
    (site.data / "files").write_text("a file, not a folder", encoding="utf-8")
    answer = await post(site, message(1, text="x" * 100_000))
    assert answer.status_code == 503
