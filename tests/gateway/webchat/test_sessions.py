"""Sessions of the web chat: links that work once, and sessions that are ended before their tokens expire."""

import asyncio
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from channels.webchat import Session, WebchatSettings
from gateway.webchat.session_routes import LINKS, SESSIONS
from journal import sessions
from journal.database import Database
from journal.errors import DatabaseAwayError
from journal.retention import LONGEST_TOKEN
from journal.tables import inbox, session_link
from tests.gateway.fakes import ACCOUNTS, FakeTemporal, Gateway, eventually, gateway
from tests.gateway.webchat.test_routes import Page

OTHER = {**ACCOUNTS, "other": ACCOUNTS["site"]}


@pytest.fixture
async def site(tmp_path: Path, database: Database, temporal: FakeTemporal) -> AsyncGenerator[Gateway]:
    async with gateway(tmp_path, database, temporal, accounts=OTHER) as running:
        yield running


async def post(site: Gateway, path: str, token: str = "", account: str = "site", **body: Any) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return await site.http.post(f"/webchat/{account}/{path}", json=body, headers=headers)


async def code_of(site: Gateway, token: str) -> str:
    return str((await post(site, "links", token)).json()["code"])


async def state(site: Gateway, code: str, token: str = "", account: str = "site") -> str:
    return str((await post(site, "links/look", token, account, code=code)).json()["state"])


async def test_a_link_works_once_and_then_says_so(site: Gateway) -> None:
    session, token = site.webchat.open_session("Ana")
    code = await code_of(site, token)
    assert await state(site, code) == "good"
    entered = (await post(site, "sessions", code=code)).json()
    assert (entered["session"], entered["resumed"]) == (session, True)
    assert site.webchat.read_token(entered["token"]).name == "Ana"
    again = await post(site, "sessions", code=code)
    assert (again.status_code, again.json()["error"]) == (410, "the link was used before: each works once")
    assert await state(site, code) == "used"


async def test_of_many_who_open_a_link_at_once_one_gets_in(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    code = await code_of(site, token)
    answers = await asyncio.gather(*(post(site, "sessions", code=code) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [410] * 7


async def test_a_link_keeps_the_beginning_of_its_session(site: Gateway) -> None:
    begun = int(time.time()) - 20 * 24 * 3600
    _, token = site.webchat.open_session(before=Session(id="s" * 22, begun=begun, until=0))
    entered = (await post(site, "sessions", code=await code_of(site, token))).json()
    assert site.webchat.read_token(entered["token"]).begun == begun


async def test_a_link_lasts_minutes(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    made = (await post(site, "links", token)).json()
    left = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    async with site.database.write() as c:
        await c.execute(update(session_link).values(until=datetime.now(UTC)))
    assert await state(site, made["code"]) == "gone"
    assert (await post(site, "sessions", code=made["code"])).status_code == 410


async def test_a_link_is_good_for_its_account_alone_and_a_token_is_no_link(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    code = await code_of(site, token)
    assert await state(site, code, account="other") == "gone"
    assert (await post(site, "sessions", account="other", code=code)).status_code == 410
    assert (await post(site, "sessions", code=token)).status_code == 410
    assert await state(site, code) == "good"


@pytest.mark.parametrize(
    "body", [b"[]", b"{", b'{"code": 5}', b"\xff", b'{"code": "' + b"x" * 201 + b'"}', b'{"code": "\\ud800"}']
)
@pytest.mark.parametrize("path", ["sessions", "links/look"])
async def test_a_link_asked_for_in_nonsense_is_refused(site: Gateway, path: str, body: bytes) -> None:
    assert (await site.http.post(f"/webchat/site/{path}", content=body)).status_code == 400


async def test_the_visitor_s_own_link_is_told_from_that_of_another(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    _, stranger = site.webchat.open_session()
    code = await code_of(site, token)
    assert await state(site, code, token) == "yours"
    assert await state(site, code, stranger) == "good"


async def test_the_store_has_no_code_that_somebody_could_use(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    code = await code_of(site, token)
    async with site.database.read() as c:
        [row] = (await c.execute(select(session_link))).mappings()
    assert code not in map(str, row.values())


@pytest.mark.parametrize("path", ["links", "sessions/end"])
async def test_who_has_no_session_makes_no_link_and_ends_none(site: Gateway, path: str) -> None:
    assert [(await post(site, path, token)).status_code for token in ("", "forged")] == [401, 401]


async def test_a_session_makes_only_so_many_links(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    answers = [await post(site, "links", token) for _ in range(LINKS.count + 1)]
    assert [answer.status_code for answer in answers] == [200] * LINKS.count + [429]


async def test_one_address_tries_only_so_many_codes(site: Gateway) -> None:
    transport = httpx.ASGITransport(site.app, client=("203.0.113.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.example.com") as stranger:
        for path, refused in (("sessions", 410), ("links/look", 200)):
            tries = [await stranger.post(f"/webchat/other/{path}", json={"code": f"x{n}"}) for n in range(25)]
            assert {answer.status_code for answer in tries[: SESSIONS.count]} <= {refused, 429}
            assert tries[-1].status_code == 429


async def test_an_ended_session_is_good_for_nothing(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    code = await code_of(site, token)
    assert (await post(site, "sessions/end", token)).status_code == 204
    assert (await site.say(token, "oi", "m1")).status_code == 401
    assert (await post(site, "links", token)).status_code == 401
    headers = {"authorization": f"Bearer {token}"}
    assert (await site.http.get("/webchat/site/events", headers=headers)).status_code == 401
    assert (await site.http.post("/webchat/site/files", content=b"%PDF-", headers=headers)).status_code == 401
    assert await state(site, code) == "gone"
    assert (await post(site, "sessions", code=code)).status_code == 410
    async with site.database.read() as c:
        assert (await c.execute(select(inbox))).all() == []


async def test_a_page_is_told_why_its_session_could_not_go_on(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    assert (await post(site, "sessions", resume=token)).json()["before"] is None
    await post(site, "sessions/end", token)
    anew = (await post(site, "sessions", resume=token)).json()
    assert (anew["resumed"], anew["before"]) == (False, "ended")
    forged = (await post(site, "sessions", resume="forged")).json()
    assert (forged["resumed"], forged["before"]) == (False, "expired")


async def test_a_stream_ends_with_its_session(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    page = Page(site, token)
    await eventually(lambda: "retry:" in page.text)
    await post(site, "sessions/end", token)
    await asyncio.wait_for(page.task, 20)


async def test_another_session_is_not_ended(site: Gateway) -> None:
    _, ended = site.webchat.open_session()
    _, token = site.webchat.open_session()
    await post(site, "sessions/end", ended)
    assert (await site.say(token, "oi", "m1")).status_code == 200


async def test_while_the_database_is_away_tokens_count_and_links_come_again(
    site: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise DatabaseAwayError("server closed the connection")

    _, token = site.webchat.open_session()
    for name in ("is_ended", "find_link", "keep_link", "end"):
        monkeypatch.setattr(sessions, name, away)
    assert (await site.say(token, "oi", "m1")).status_code == 200
    for path in ("links", "links/look", "sessions/end"):
        assert (await post(site, path, token, code="x")).status_code == 503
    assert (await post(site, "sessions", code="x")).status_code == 503


def test_no_token_outlives_what_is_remembered_of_its_session() -> None:
    longest = WebchatSettings.model_json_schema()["properties"]["session_hours"]["maximum"]
    assert timedelta(hours=longest) <= LONGEST_TOKEN
