import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest

from channels.base import InboundMessage
from channels.http import Http
from domain.errors import OperatorError, ProviderError
from gateway import listeners
from journal.database import Database
from tests.gateway.fakes import FakeTemporal, eventually, gateway

Receive = Callable[[InboundMessage], Awaitable[None]]


@pytest.fixture
async def nowhere(tmp_path: Path) -> AsyncGenerator[Database]:
    database = Database(f"sqlite:///{tmp_path}/gone/prosa.db")
    yield database
    await database.close()


async def test_a_channel_that_listens_is_run_and_run_again_when_it_fails(
    tmp_path: Path, database: Database, temporal: FakeTemporal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "_BACKOFF", (0.01, 0.02))
    runs = 0

    async def listen(_self: Http, receive: Receive) -> None:
        nonlocal runs
        runs += 1
        await receive(InboundMessage(provider_message_id=f"uid-{min(runs, 2)}", address="a", text=f"{runs}"))
        if runs < 3:
            raise ProviderError("the mailbox hung up")
        await asyncio.Event().wait()

    monkeypatch.setattr(Http, "listen", listen)
    async with gateway(tmp_path, database, temporal):
        await eventually(lambda: runs == 3)
        await eventually(lambda: len(temporal.signals) == 2)
    assert temporal.texts == ["1", "2"]


async def test_a_listener_learns_that_nothing_could_be_stored(
    tmp_path: Path, nowhere: Database, temporal: FakeTemporal, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spool").write_text("a file, not a folder", encoding="utf-8")
    failed: list[Exception] = []

    async def listen(_self: Http, receive: Receive) -> None:
        try:
            await receive(InboundMessage(provider_message_id="uid-1", address="a", text="oi"))
        except OperatorError as error:
            failed.append(error)
        await asyncio.Event().wait()

    monkeypatch.setattr(Http, "listen", listen)
    async with gateway(tmp_path, nowhere, temporal):
        await eventually(lambda: len(failed) == 1)
