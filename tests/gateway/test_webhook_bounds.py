"""One request, however odd, costs the gateway little: events, log lines and time are bounded."""

import asyncio
import dataclasses
import json
import logging
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import structlog

from domain.limits import LIMITS
from gateway.webhooks import LARGE
from runtime.logging import configure
from runtime.sections import LogSection
from tests.gateway.fakes import Gateway
from tests.gateway.signing import message, post

WEBCHAT = "/webhooks/webchat/site"
HTTP = "/webhooks/http/front"
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


@asynccontextmanager
async def elsewhere(site: Gateway, address: str) -> AsyncGenerator[Gateway]:
    """Let the gateway be asked from *address*."""
    transport = httpx.ASGITransport(site.app, client=(address, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.example") as http:
        yield dataclasses.replace(site, http=http)


async def unread() -> AsyncGenerator[bytes]:
    raise AssertionError("the body was read")
    yield b""


async def test_large_bodies_of_an_address_that_forges_are_no_longer_read(site: Gateway) -> None:
    large = {"content-length": "100000"}
    forged = b"x" * 100_000
    async with elsewhere(site, "203.0.113.7") as forger:
        answers = [await forger.http.post(HTTP, content=forged) for _ in range(LARGE.count)]
        assert {answer.status_code for answer in answers} == {401}
        refused = await forger.http.post(HTTP, content=unread(), headers=large)
        assert (refused.status_code, refused.headers["connection"]) == (429, "close")
        assert 1 <= int(refused.headers["retry-after"]) <= LARGE.seconds
        assert (await post(forger, message("small"))).status_code == 200, "others may come from the same address"
    async with elsewhere(site, "203.0.113.8") as provider:
        for number in range(LARGE.count + 1):
            assert (await post(provider, message(number, text="a" * 100_000))).status_code == 200


async def test_a_browsers_large_bodies_are_counted_before_they_are_read(site: Gateway) -> None:
    async with elsewhere(site, "2001:db8::1") as visitor, elsewhere(site, "2001:db8::2") as neighbour:
        _, token = site.webchat.open_session()
        for number in range(LARGE.count):
            assert (await visitor.say(token, "a" * 100_000, f"m{number}")).status_code == 200
        for headers in ({"content-length": "100000"}, {}):  # the second does not say how much comes
            refused = await neighbour.http.post(WEBCHAT, content=unread(), headers=headers)
            assert refused.status_code == 429
        assert (await neighbour.say(token, "oi", "small")).status_code == 200


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
