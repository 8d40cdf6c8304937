from pathlib import Path

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from structlog.testing import capture_logs

from journal.database import Database, upgrade
from tests.web.test_rate_limit import Clock
from usecases.doctor import guesses
from web.guesses import WRONG, Door
from web.rate_limit import RateLimit


def request(host: str, *, brings: bool = True) -> Request:
    headers = [(b"authorization", b"Bearer wrong")] if brings else []
    return Request({"type": "http", "client": (host, 1), "headers": headers})


@pytest.fixture
async def database(tmp_path: Path) -> Database:
    url = f"sqlite:///{tmp_path}/prosa.db"
    upgrade(url)
    return Database(url)


async def test_who_brings_wrong_tokens_is_slowed_logged_and_told_of(database: Database) -> None:
    door = Door("flows.token", database)
    with capture_logs() as logs:
        for _ in range(WRONG.count):
            assert not await door.tried(request("203.0.113.9"), opened=False)
        with pytest.raises(HTTPException) as refused:
            await door.tried(request("203.0.113.9"), opened=True)
        assert refused.value.status_code == 429
        assert await door.tried(request("198.51.100.7"), opened=True)
    assert [(log["event"], log["door"], log["source"]) for log in logs] == [
        ("wrong_token", "flows.token", "203.0.113.9")
    ] * WRONG.count
    async with database.read() as c:
        assert await guesses.look(c) == [], "one minute of wrong tokens is a slip"


async def test_a_browser_that_brings_nothing_has_not_guessed(database: Database) -> None:
    door = Door("flows.token", database)
    for _ in range(WRONG.count + 1):
        assert not await door.tried(request("203.0.113.9", brings=False), opened=False)
    assert await door.tried(request("203.0.113.9"), opened=True)


async def test_a_household_of_ipv6_is_one_source_and_this_machine_is_one_too(database: Database) -> None:
    door = Door("api.token", database)
    for host in range(WRONG.count):
        await door.tried(request(f"2001:db8::{host + 1:x}"), opened=False)
        await door.tried(request("127.0.0.1"), opened=False)
    for host in ("2001:db8::ffff", "127.0.0.1"):
        with pytest.raises(HTTPException):
            await door.tried(request(host), opened=False)


async def test_the_doctor_tells_of_who_keeps_trying(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guesses, "FEW", 0)
    door = Door("metrics.token", database)
    await door.tried(request("203.0.113.9"), opened=False)
    async with database.read() as c:
        (found,) = await guesses.look(c)
    assert "1 address with wrong tokens for metrics.token in the last day: 203.0.113.9" in found.what


def test_looking_whether_one_has_to_wait_counts_nothing() -> None:
    floods = RateLimit(Clock())
    assert [floods.left("a", WRONG) for _ in range(20)] == [0] * 20
