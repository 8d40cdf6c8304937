"""One request, however odd, costs the gateway little: events, log lines and time are bounded."""

import asyncio
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from domain.limits import LIMITS
from runtime.logging import configure
from runtime.sections import LogSection
from tests.gateway.fakes import Gateway
from tests.gateway.signing import message, post

LINE = 1024
ITEMS: dict[str, list[Any]] = {
    "nothing": [0] * LIMITS.webhook_items,
    "long": [{"type": "message", "id": "m", "from": "\u202e" * 80_000}] * 2,
    "files": [message(1, files=[{"name": "a", "mime": "image/png", "data": "x"}] * 10_000)],
    "escapes": [{"type": "status", "id": "\x1b" * 600, "state": []}] * 90,
}


@pytest.fixture
def undisturbed() -> Iterator[None]:
    """Leave logging as it was."""
    handlers = logging.getLogger().handlers[:]
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.getLogger().handlers[:] = handlers


async def test_more_events_than_a_request_may_have_are_refused(site: Gateway) -> None:
    many = {"items": [0] * (LIMITS.webhook_items + 1)}
    answer = await post(site, many)
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": f"expected at most {LIMITS.webhook_items} items, found {LIMITS.webhook_items + 1}"},
    )


async def test_as_many_events_as_a_request_may_have_are_taken(site: Gateway) -> None:
    answer = await post(site, {"items": [message(number) for number in range(LIMITS.webhook_items)]})
    assert answer.json() == {"received": LIMITS.webhook_items, "repeated": 0}


@pytest.mark.parametrize("items", ITEMS.values(), ids=ITEMS)
@pytest.mark.usefixtures("undisturbed")
async def test_unreadable_items_write_one_short_line(
    site: Gateway, capsys: pytest.CaptureFixture[str], items: list[Any]
) -> None:
    configure(LogSection(), "gateway")
    answer = await post(site, {"items": items})
    assert answer.status_code == 200
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert len(line.encode()) < LINE
    assert (said["event"], said["items"]) == ("items_unreadable", len(items))


async def test_large_bodies_do_not_hold_up_the_event_loop(site: Gateway) -> None:
    gaps: list[float] = []

    async def tick() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0)
            gaps.append(time.perf_counter() - began)

    watching = asyncio.create_task(tick())
    body = json.dumps({"items": [message(1, files=[{}] * 240_000)]}).encode()
    answer = await post(site, body)
    watching.cancel()
    assert len(body) < LIMITS.webhook_body
    assert answer.status_code == 200
    assert max(gaps) < 1  # 50 ms on a quiet machine
