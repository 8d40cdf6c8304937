import base64
import signal
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from channels.base import Channel, Outgoing, Tools, open_channels
from domain.errors import AmbiguousSendError, CredentialError, NotSentError, RefusedError
from domain.message import Part
from emulators.channels.http.signature import fault
from runtime.sections import Account
from tests.emulators.channels.http.running import RunningProvider, database

SECRET = "secret-of-the-provider"
Start = Callable[..., RunningProvider]


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[RunningProvider] = []

    def begin(*arguments: str) -> RunningProvider:
        running.append(RunningProvider.start(*arguments))
        return running[-1]

    yield begin
    for provider in running:
        provider.end()


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=httpx.Timeout(10)) as opened:
        yield opened


def channel(provider: RunningProvider, http: httpx.AsyncClient, secret: str = SECRET) -> Channel:
    account = Account.model_validate(
        {
            "channel": "http",
            "flow": "main",
            "url": f"{provider.url}/messages",
            "reconcile_url": f"{provider.url}/messages",
            "secret": secret,
        }
    )
    return open_channels({"front": account}, Tools(http=http, key=b"k", secret=str))["front"]


def outgoing(key: str = "c0ffee:4") -> Outgoing:
    return Outgoing(conversation_id="c0ffee", key=key, address="5511987654321", part=Part(seq=4, text="Olá! 😀"))


def test_every_call_is_recorded_with_its_attempt(start: Start) -> None:
    provider = start()
    provider.switch(fail_500=True, times=1)
    assert [provider.post("k1").status_code for _ in range(2)] == [500, 200]
    assert provider.post("k2").json() == {"id": "msg-2"}
    calls = provider.received()
    assert [(call["key"], call["attempt"], call["status"], call["taken"]) for call in calls] == [
        ("k1", 1, 500, False),
        ("k1", 2, 200, True),
        ("k2", 1, 200, True),
    ]
    assert calls[2]["body"]["text"] == "oi"
    assert calls[0]["at"] < calls[1]["at"]
    assert [call["number"] for call in provider.client.get("/control/received?after=1").json()] == [2, 3]


def test_without_idempotency_a_repeated_key_is_a_second_message(start: Start) -> None:
    provider = start()
    assert [provider.post("k").json()["id"] for _ in range(2)] == ["msg-1", "msg-2"]
    assert [call["taken"] for call in provider.received()] == [True, True]


def test_with_idempotency_a_repeated_key_takes_nothing_more(start: Start) -> None:
    provider = start("--idempotent")
    assert [provider.post("k").json()["id"] for _ in range(2)] == ["msg-1", "msg-1"]
    assert [call["taken"] for call in provider.received()] == [True, False]


def test_what_it_took_survives_a_kill(start: Start, tmp_path: Path) -> None:
    provider = start(*database(tmp_path))
    provider.post("k1")
    provider.process.kill()
    provider.process.wait(timeout=20)
    again = start(*database(tmp_path))
    assert again.post("k2").json() == {"id": "msg-2"}
    assert [call["key"] for call in again.received()] == ["k1", "k2"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_told(start: Start, number: int) -> None:
    provider = start()
    provider.process.send_signal(number)
    assert provider.process.wait(timeout=20) == 0
    assert provider.end() == ("", "")


def test_it_stops_while_it_holds_an_answer_back(start: Start) -> None:
    provider = start()
    provider.switch(slow_seconds=60)

    def post() -> None:
        with suppress(httpx.TransportError):
            provider.post("k")

    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(post)
        while not provider.client.get("/control/received").json():
            time.sleep(0.02)
        provider.process.send_signal(signal.SIGTERM)
        assert provider.process.wait(timeout=20) == 0
        waiting.result(timeout=20)


@pytest.mark.parametrize("switches", [{"colour": 1}, {"times": 0}, {"slow_seconds": -1}, {"drop_after_accept": "many"}])
def test_an_unknown_switch_is_refused(start: Start, switches: dict[str, object]) -> None:
    assert start().client.put("/control/switches", json=switches).status_code == 422


@pytest.mark.parametrize(
    "body", [[], {"type": "typing"}, {"type": "message", "to": "a"}, {"type": "message", "text": "a"}]
)
def test_what_is_no_message_is_refused(start: Start, body: object) -> None:
    provider = start()
    assert provider.post("k", body).status_code == 400
    assert [call["taken"] for call in provider.received()] == [False]


async def test_the_http_channel_speaks_to_it(start: Start, http: httpx.AsyncClient) -> None:
    provider = start("--secret", SECRET)
    assert (await channel(provider, http).send(outgoing())).external_id == "msg-1"
    (call,) = provider.received()
    assert (call["key"], call["body"]["id"], call["body"]["text"]) == ("c0ffee:4", "c0ffee:4", "Olá! 😀")


async def test_another_secret_is_a_credential_error(start: Start, http: httpx.AsyncClient) -> None:
    provider = start("--secret", SECRET)
    with pytest.raises(CredentialError):
        await channel(provider, http, "secret-of-another-one").send(outgoing())
    assert [call["taken"] for call in provider.received()] == [False]


async def test_each_fault_becomes_the_error_that_says_what_is_known(start: Start, http: httpx.AsyncClient) -> None:
    provider = start("--secret", SECRET)
    one = channel(provider, http)
    provider.switch(fail_500=True)
    with pytest.raises(AmbiguousSendError):
        await one.send(outgoing())
    provider.switch(rate_limit=2)
    with pytest.raises(NotSentError) as refusal:
        await one.send(outgoing())
    assert refusal.value.retry_after is not None
    assert refusal.value.retry_after.total_seconds() == 2
    provider.switch(refuse=True)
    with pytest.raises(RefusedError, match="recipient_unknown"):
        await one.send(outgoing())
    assert [call["taken"] for call in provider.received()] == [False] * 3
    provider.switch(malformed=True)
    with pytest.raises(AmbiguousSendError):
        await one.send(outgoing("k4"))
    provider.switch(drop_after_accept=1)
    with pytest.raises(AmbiguousSendError):
        await one.send(outgoing("k5"))
    assert [call["taken"] for call in provider.received()] == [False] * 3 + [True] * 2


async def test_a_message_whose_answer_was_lost_is_found_by_its_key(start: Start, http: httpx.AsyncClient) -> None:
    provider = start("--secret", SECRET)
    one = channel(provider, http)
    provider.switch(drop_after_accept=1)
    with pytest.raises(AmbiguousSendError):
        await one.send(outgoing())
    receipt = await one.reconcile(outgoing())
    assert receipt is not None
    assert receipt.external_id == "msg-1"
    with pytest.raises(NotSentError):
        await one.reconcile(outgoing("never sent"))


async def test_a_provider_that_is_gone_took_nothing(start: Start, http: httpx.AsyncClient) -> None:
    provider = start()
    one = channel(provider, http)
    provider.process.kill()
    provider.process.wait(timeout=20)
    with pytest.raises(NotSentError):
        await one.send(outgoing())


async def test_an_answer_that_comes_too_late_leaves_it_open(start: Start) -> None:
    provider = start()
    provider.switch(slow_seconds=30)
    async with httpx.AsyncClient(timeout=httpx.Timeout(0.3)) as hurried:
        with pytest.raises(AmbiguousSendError):
            await channel(provider, hurried).send(outgoing())
    assert [call["taken"] for call in provider.received()] == [True]


# The example of the reference libraries of Standard Webhooks (github.com/standard-webhooks, read 2026-11-21).
PUBLISHED = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
SIGNED = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


@pytest.fixture
def then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_614_265_330.0)


@pytest.mark.usefixtures("then")
def test_the_published_vector_fits() -> None:
    assert fault(PUBLISHED, SIGNED, BODY) is None
    several = {**SIGNED, "webhook-signature": f"v1,{base64.b64encode(b'x').decode()} {SIGNED['webhook-signature']}"}
    assert fault(PUBLISHED, several, BODY) is None


@pytest.mark.usefixtures("then")
@pytest.mark.parametrize(
    "changes",
    [
        {"webhook-id": "msg_other"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1614265331"},
        {"webhook-timestamp": "1614264000"},
        {"webhook-timestamp": "soon"},
        {"webhook-signature": "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
        {"webhook-signature": ""},
    ],
)
def test_anything_else_does_not_fit(changes: dict[str, str]) -> None:
    assert fault(PUBLISHED, {**SIGNED, **changes}, BODY) is not None
    assert fault(PUBLISHED, SIGNED, BODY + b" ") is not None
