import asyncio
import base64
import dataclasses
import json
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from channels.base import Webhook, WebhookRequest
from channels.http import Http
from domain.effect import Deliver
from domain.errors import SettingsError
from domain.keys import address_key
from domain.limits import LIMITS
from domain.message import Part
from journal import outbox
from journal.tables import inbox
from tests.gateway.fakes import KEY, Gateway, eventually
from tests.gateway.signing import headers, message, post

WEBCHAT = "/webhooks/webchat/site"
HTTP = "/webhooks/http/front"


async def rows(gateway: Gateway) -> list[dict[str, object]]:
    async with gateway.database.read() as c:
        return [dict(row) for row in (await c.execute(select(inbox).order_by(inbox.c.id))).mappings()]


async def test_a_message_is_stored_answered_and_told(site: Gateway) -> None:
    session, token = site.webchat.open_session("Ana")
    answer = await site.say(token, "oi", "m1")
    assert (answer.status_code, answer.json()) == (200, {"received": 1, "repeated": 0})
    await eventually(lambda: site.temporal.texts == ["oi"])
    (row,) = await rows(site)
    assert (row["address"], row["name"], row["provider_message_id"]) == (session, "Ana", f"{session}:m1")
    assert site.temporal.signals[0].request_id == row["message_id"]
    assert session not in site.temporal.signals[0].workflow_id
    assert site.temporal.signals[0].flow == "main"


async def test_what_comes_along_with_a_message_is_kept(site: Gateway) -> None:
    await post(site, message("m1", language="pt-BR", referral=" desk "))
    payload: Any = (await rows(site))[0]["payload"]
    assert (payload["language"], payload["referral"]) == ("pt-BR", "desk")


@pytest.mark.parametrize(
    ("told", "kept"),
    [("9999-12-31T23:59:59Z", timedelta()), ("0001-01-01T00:00:00Z", timedelta(days=31)), (None, timedelta())],
)
async def test_the_time_of_a_message_is_one_that_is_possible(site: Gateway, told: str, kept: timedelta) -> None:
    await post(site, message("m1", **({"at": told} if told else {})))
    payload: Any = (await rows(site))[0]["payload"]
    assert abs(datetime.now(UTC) - kept - datetime.fromisoformat(payload["at"])) < timedelta(seconds=30)


async def test_a_visitors_network_is_kept_as_a_hash_and_a_providers_is_not(site: Gateway) -> None:
    transport = httpx.ASGITransport(site.app, client=("203.0.113.7", 4711))
    _, token = site.webchat.open_session()
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.example") as outside:
        headers_ = {"authorization": f"Bearer {token}"}
        answer = await outside.post(WEBCHAT, json={"id": "m1", "text": "oi"}, headers=headers_)
        assert answer.status_code == 200
        await post(dataclasses.replace(site, http=outside), message("m2"))
    payloads: list[Any] = [row["payload"] for row in await rows(site)]
    assert [payload.get("origin", "") for payload in payloads] == [address_key(KEY, "203.0.113.7"), ""]
    assert "203.0.113.7" not in str(payloads)


async def test_a_repeat_is_answered_and_not_told_again(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    answers = await asyncio.gather(*(site.say(token, "oi", "m1") for _ in range(5)))
    assert sorted(answer.json()["received"] for answer in answers) == [0, 0, 0, 0, 1]
    await site.say(token, "tchau", "m2")
    await eventually(lambda: len(site.temporal.signals) == 2)
    assert site.temporal.texts == ["oi", "tchau"]


async def test_messages_of_one_contact_are_told_in_order(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    site.temporal.seconds = 0.01
    for number in range(15):
        await site.say(token, f"{number}", f"m{number}")
    await eventually(lambda: len(site.temporal.signals) == 15)
    assert site.temporal.texts == [f"{number}" for number in range(15)]
    assert site.temporal.most_at_once == 1


@pytest.mark.parametrize(
    "path", ["/webhooks/webchat/front", "/webhooks/http/site", "/webhooks/webchat/nobody", "/webhooks/fax/site"]
)
async def test_an_account_that_is_not_on_the_channel_is_not_found(site: Gateway, path: str) -> None:
    assert (await site.http.post(path, content=b"{}")).status_code == 404


async def test_a_wrong_token_is_refused_and_nothing_is_stored(site: Gateway) -> None:
    assert (await site.say("nonsense", "oi", "m1")).status_code == 401
    assert (await site.http.post(WEBCHAT, json={"id": "m1", "text": "oi"})).status_code == 401
    assert await rows(site) == []


@pytest.mark.parametrize("body", [b"", b"{", b'{"id": "\xff\xfe"}', b"null", b"[1]", b'{"id": "a"}'])
async def test_a_body_that_is_no_message_is_answered_400(site: Gateway, body: bytes) -> None:
    _, token = site.webchat.open_session()
    answer = await site.http.post(WEBCHAT, content=body, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 400
    assert (await post(site, body)).status_code == 400
    assert await rows(site) == []


async def test_a_get_without_proof_is_refused(site: Gateway) -> None:
    assert (await site.http.get(HTTP)).status_code == 401


async def test_a_channel_without_its_secret_asks_the_provider_to_come_again(site: Gateway) -> None:
    def missing(_name: str) -> str:
        raise SettingsError("secret 'front': found neither")

    front = site.channels["front"]
    front.tools = front.tools.model_copy(update={"secret": missing})
    answer = await post(site, message(1))
    assert answer.status_code == 503
    assert "retry-after" in answer.headers


async def test_an_announced_body_over_the_limit_is_refused_unread(site: Gateway) -> None:
    async def never() -> AsyncGenerator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    huge = {"content-length": "20000000"}
    answer = await site.http.post(WEBCHAT, content=never(), headers=huge)
    assert answer.status_code == 413


async def test_a_body_over_the_limit_that_was_not_announced_is_read_no_further(site: Gateway) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 100_000

    answer = await site.http.post(WEBCHAT, content=endless())
    assert answer.status_code == 413
    assert sent <= LIMITS.webhook_body // 100_000 + 2


async def test_a_batch_is_one_transaction_and_keeps_the_siblings_of_a_bad_item(site: Gateway) -> None:
    batch = {"items": [message(1, sender="a"), {"type": "message"}, message(2, sender="b"), message(3, sender="a")]}
    answer = await post(site, batch)
    assert (answer.status_code, answer.json()) == (200, {"received": 3, "repeated": 0})
    assert (await post(site, batch)).json() == {"received": 0, "repeated": 3}
    await eventually(lambda: len(site.temporal.signals) == 3)
    assert len({signal.workflow_id for signal in site.temporal.signals}) == 2


async def test_a_batch_of_fifty_is_told_in_order(site: Gateway) -> None:
    await post(site, {"items": [message(n, text=f"{n}") for n in range(50)]})
    await eventually(lambda: len(site.temporal.signals) == 50)
    assert site.temporal.texts == [f"{n}" for n in range(50)]


async def test_a_status_moves_the_part_that_it_is_about(site: Gateway) -> None:
    deliver = Deliver(
        conversation_id="c0ffee", account="front", channel="http", address="a", parts=(Part(seq=4, text="oi"),)
    )
    now = datetime.now(UTC)
    async with site.database.write() as c:
        await outbox.enqueue(c, deliver, now)
        await outbox.sending(c, "c0ffee", 4, timedelta())
        await outbox.settle(c, "c0ffee", 4, state="sent", external_id="ext-1", now=now)
    for state in ("read", "delivered"):
        status = {"type": "status", "id": "ext-1", "state": state}
        assert (await post(site, status)).json() == {"received": 0, "repeated": 0}
    async with site.database.read() as c:
        assert (await outbox.counts(c)) == {"read": 1}


async def test_a_long_message_is_kept_whole_as_a_file(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    text = "x" + "ção😀" * 25_000  # the limit falls into a character
    assert len(text) == 100_001
    assert (await site.say(token, text, "m1")).status_code == 200
    (row,) = await rows(site)
    payload: Any = row["payload"]
    assert payload["truncated"] is True
    assert text.startswith(payload["text"])
    assert LIMITS.message_text - 4 < len(payload["text"].encode()) <= LIMITS.message_text
    assert payload["files"][0]["name"] == "message.txt"
    assert site.files.read(payload["files"][0]["id"]).decode() == text


async def test_the_files_of_a_message_are_in_the_store_when_it_is_answered(site: Gateway) -> None:
    file = {"name": "conta.pdf", "mime": "application/pdf", "data": base64.b64encode(b"%PDF").decode()}
    message = {"type": "message", "id": "m1", "from": "554999", "files": [file]}
    assert (await post(site, message)).status_code == 200
    (row,) = await rows(site)
    payload: Any = row["payload"]
    (ref,) = payload["files"]
    assert site.files.read(ref["id"]) == b"%PDF"
    assert (ref["name"], ref["mime"], ref["size"]) == ("conta.pdf", "application/pdf", 4)


@pytest.mark.parametrize("text", ["👩‍👩‍👧 😀", "שלום", "\u202etxt.exe", "a\0b", "linha\r\nlinha"])
async def test_texts_of_all_kinds_arrive(site: Gateway, text: str) -> None:
    _, token = site.webchat.open_session()
    assert (await site.say(token, text, "m1")).status_code == 200
    await eventually(lambda: site.temporal.texts == [text.replace("\0", "")])


async def test_a_session_that_floods_is_slowed_down(site: Gateway) -> None:
    _, token = site.webchat.open_session()
    answers = [await site.say(token, "oi", f"m{number}") for number in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 10
    _, other = site.webchat.open_session()
    assert (await site.say(other, "oi", "m1")).status_code == 200


async def test_a_handshake_gets_its_reply_as_text(site: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    def greet(_self: Http, request: WebhookRequest) -> Webhook:
        return Webhook(reply=request.query["hub.challenge"])

    monkeypatch.setattr(Http, "parse", greet)
    answer = await site.http.get(f"{HTTP}?hub.challenge=12<34")
    assert (answer.text, answer.headers["content-type"]) == ("12<34", "text/plain; charset=utf-8")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["id", "text", "items", "type"]), inner)
    ),
)
BODIES = (
    st.binary() | st.text().map(lambda text: text.encode("utf-16")) | JSON.map(lambda value: json.dumps(value).encode())
)
EVENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(["message", "status"]), "id": st.text() | JSON},
    optional={
        "from": st.text(),
        "text": st.text() | JSON,
        "state": st.text(),
        "at": st.text(),
        "files": JSON,
        "choice": JSON,
    },
).map(lambda event: json.dumps({"items": [event]}).encode())


async def test_no_body_is_answered_500(site: Gateway) -> None:
    loop = asyncio.get_running_loop()

    @settings(max_examples=1_000, suppress_health_check=[HealthCheck.too_slow])
    @given(body=BODIES | EVENTS)
    def check(body: bytes) -> None:
        asyncio.run_coroutine_threadsafe(_answers(site, body), loop).result(60)

    await asyncio.to_thread(check)


async def _answers(running: Gateway, body: bytes) -> None:
    genuine = await running.http.post(HTTP, content=body, headers=headers(body))
    assert genuine.status_code in {200, 400}
    _, token = running.webchat.open_session()
    chat = await running.http.post(WEBCHAT, content=body, headers={"authorization": f"Bearer {token}"})
    assert chat.status_code in {200, 400}
