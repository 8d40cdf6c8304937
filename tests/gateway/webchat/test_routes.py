import asyncio
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Message

from channels.webchat import Session
from gateway.webchat.session_routes import SESSIONS
from gateway.webchat.stream_places import STREAMS
from gateway.webhooks import PLACE
from journal.database import Database
from tests.gateway.fakes import ACCOUNTS, FakeTemporal, Gateway, eventually, gateway

SITE = "https://www.example.com"


@pytest.fixture
async def embedded(tmp_path: Path, database: Database, temporal: FakeTemporal) -> AsyncGenerator[Gateway]:
    """A gateway whose web chat may be shown on SITE."""
    accounts = {**ACCOUNTS, "site": {**ACCOUNTS["site"], "origins": [SITE], "privacy_url": f"{SITE}/privacy"}}
    async with gateway(tmp_path, database, temporal, accounts=accounts) as running:
        yield running


class Page:
    """A page that follows a stream, spoken to in ASGI, because httpx waits for the end of an answer."""

    def __init__(self, site: Gateway, token: str) -> None:
        self.status = 0
        self.text = ""
        self._left = asyncio.Event()
        self._asked = False
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"spec_version": "2.3", "version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "path": "/webchat/site/events",
            "raw_path": b"/webchat/site/events",
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": [(b"host", b"chat.example.com"), (b"authorization", f"Bearer {token}".encode())],
            "client": ("203.0.113.7", 1),
            "server": ("chat.example.com", 80),
        }
        self.task = asyncio.create_task(site.app(scope, self._receive, self._send))

    async def leave(self) -> None:
        self._left.set()
        await asyncio.wait_for(self.task, 5)

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.text += message["body"].decode()


async def test_a_session_is_opened_with_a_token_that_works(embedded: Gateway) -> None:
    opened = (await embedded.http.post("/webchat/site/sessions", json={"name": " Ana\0 "})).json()
    found = embedded.webchat.read_token(opened["token"])
    assert (found.id, found.name) == (opened["session"], "Ana")
    assert opened["resumed"] is False
    assert opened["privacy_url"] == f"{SITE}/privacy"
    expires_at = datetime.fromisoformat(opened["expires_at"])
    assert timedelta(hours=23) < expires_at - datetime.now(UTC) <= timedelta(hours=24)


async def test_a_session_that_goes_on_ends_when_its_days_are_over(site: Gateway) -> None:
    almost = int(time.time()) - 30 * 24 * 3600 + 3600
    _, token = site.webchat.open_session(before=Session(id="ana", begun=almost, until=0))
    again = (await site.http.post("/webchat/site/sessions", json={"resume": token})).json()
    assert (again["session"], again["resumed"]) == ("ana", True)
    assert datetime.fromisoformat(again["expires_at"]).timestamp() == almost + 30 * 24 * 3600


async def test_a_session_whose_days_are_over_begins_anew(site: Gateway) -> None:
    past = int(time.time()) - 30 * 24 * 3600
    _, token = site.webchat.open_session(before=Session(id="ana", begun=past, until=0))
    anew = (await site.http.post("/webchat/site/sessions", json={"resume": token})).json()
    assert (anew["session"] == "ana", anew["resumed"]) == (False, False)
    assert (await site.say(token, "oi", "m1")).status_code == 401


async def test_a_session_needs_no_body(site: Gateway) -> None:
    assert (await site.http.post("/webchat/site/sessions")).status_code == 200


async def test_a_good_token_resumes_its_session_and_a_bad_one_begins_anew(site: Gateway) -> None:
    first = (await site.http.post("/webchat/site/sessions", json={"name": "Ana"})).json()
    again = (await site.http.post("/webchat/site/sessions", json={"resume": first["token"]})).json()
    assert (again["session"], again["resumed"]) == (first["session"], True)
    assert site.webchat.read_token(again["token"]).name == "Ana"
    anew = (await site.http.post("/webchat/site/sessions", json={"resume": first["token"] + "x"})).json()
    assert anew["session"] != first["session"]


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"name": 5}', b"\xff"])
async def test_a_session_asked_for_in_nonsense_is_refused(site: Gateway, body: bytes) -> None:
    assert (await site.http.post("/webchat/site/sessions", content=body)).status_code == 400


async def test_a_large_body_opens_no_session(site: Gateway) -> None:
    assert (await site.http.post("/webchat/site/sessions", content=b"x" * 20_000)).status_code == 413


@pytest.mark.parametrize("account", ["front", "nobody"])
async def test_only_web_chats_have_sessions(site: Gateway, account: str) -> None:
    assert (await site.http.post(f"/webchat/{account}/sessions")).status_code == 404
    assert (await site.http.get(f"/webchat/{account}/events")).status_code == 404


async def test_one_address_opens_only_so_many_sessions(site: Gateway) -> None:
    transport = httpx.ASGITransport(site.app, client=("203.0.113.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.example.com") as stranger:
        answers = [await stranger.post("/webchat/site/sessions") for _ in range(SESSIONS.count + 1)]
    assert [answer.status_code for answer in answers] == [200] * SESSIONS.count + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert (await site.http.post("/webchat/site/sessions")).status_code == 200


async def test_a_session_that_goes_on_is_no_new_one(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    transport = httpx.ASGITransport(site.app, client=("203.0.113.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.example.com") as stranger:
        again = [
            await stranger.post("/webchat/site/sessions", json={"resume": token}) for _ in range(SESSIONS.count + 1)
        ]
    assert {answer.status_code for answer in again} == {200}


async def test_one_address_sends_only_so_many_messages_however_many_sessions_it_has(site: Gateway) -> None:
    async def flood(address: str) -> list[int]:
        transport = httpx.ASGITransport(site.app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://chat.example.com") as stranger:
            return [(await stranger.post("/webhooks/webchat/site")).status_code for _ in range(PLACE.count + 1)]

    assert await flood("203.0.113.7") == [401] * PLACE.count + [429]
    assert set(await flood("127.0.0.1")) == {401}
    assert (await flood("203.0.113.8"))[0] == 401


@pytest.mark.parametrize("query", ["", "?token=", "?token=forged"])
async def test_a_stream_needs_a_token(site: Gateway, query: str) -> None:
    assert (await site.http.get(f"/webchat/site/events{query}")).status_code == 401


async def test_a_token_in_an_address_is_not_taken_because_addresses_are_logged(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    assert (await site.http.get(f"/webchat/site/events?token={token}")).status_code == 401


async def test_a_page_follows_its_session_and_its_leaving_is_noticed(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    page = Page(site, token)
    await eventually(lambda: "retry:" in page.text)
    assert page.status == 200
    hub = site.app.state.work.hub
    assert len(hub._listeners) == 1
    await page.leave()
    assert hub._listeners == {}


async def test_a_question_for_the_head_alone_opens_no_stream(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    async with asyncio.timeout(5):
        answer = await site.http.head("/webchat/site/events", headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["content-type"][:17]) == (200, "text/event-stream")


async def test_one_session_follows_only_so_many_streams(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    pages = [Page(site, token) for _ in range(STREAMS)]
    await eventually(lambda: all("retry:" in page.text for page in pages))
    assert (
        await site.http.get("/webchat/site/events", headers={"authorization": f"Bearer {token}"})
    ).status_code == 429
    for page in pages:
        await page.leave()
    again = Page(site, token)
    await eventually(lambda: "retry:" in again.text)
    await again.leave()


async def test_a_page_of_an_allowed_site_may_read_the_answers(embedded: Gateway) -> None:
    preflight = await embedded.http.request(
        "OPTIONS",
        "/webhooks/webchat/site",
        headers={"origin": SITE, "access-control-request-method": "POST"},
    )
    assert preflight.status_code == 204
    assert "authorization" in preflight.headers["access-control-allow-headers"]
    assert preflight.headers["access-control-allow-origin"] == SITE
    opened = await embedded.http.post("/webchat/site/sessions", headers={"origin": SITE})
    assert opened.headers["access-control-allow-origin"] == SITE
    assert opened.headers["vary"].lower() == "origin"
    refused = await embedded.http.post("/webhooks/webchat/site", headers={"origin": SITE}, json={})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, SITE)


@pytest.mark.parametrize(
    "origin", ["https://evil.example.com", "http://www.example.com", "null", "https://www.example.com.evil.net", "x"]
)
@pytest.mark.parametrize("path", ["/webchat/site/sessions", "/webhooks/webchat/site", "/webchat/site/events"])
async def test_a_page_of_another_site_is_refused(embedded: Gateway, origin: str, path: str) -> None:
    for method in ("POST", "OPTIONS", "GET"):
        answer = await embedded.http.request(method, path, headers={"origin": origin})
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("origin", ["http://chat.example.com", "https://chat.example.com"])
async def test_our_own_pages_are_always_allowed(site: Gateway, origin: str) -> None:
    assert (await site.http.post("/webchat/site/sessions", headers={"origin": origin})).status_code == 200


async def test_other_channels_do_not_care_for_origins(site: Gateway) -> None:
    answer = await site.http.post("/webhooks/http/front", headers={"origin": "https://evil.example.com"})
    assert answer.status_code == 401
    assert "access-control-allow-origin" not in answer.headers
