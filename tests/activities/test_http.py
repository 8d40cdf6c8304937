"""Calls of flows to other systems: what is allowed, what is sent, what may be sent again."""

import gzip
import json
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.testing import ActivityEnvironment

from activities.http import HttpCalls
from domain.call import CallHttp, FetchFile, HttpAnswer, PostWebhook
from domain.errors import (
    FlowError,
    ForbiddenHostError,
    HttpAmbiguousError,
    HttpMalformedError,
    HttpUnavailableError,
    ProsaError,
    SettingsError,
)
from domain.limits import LIMITS
from domain.message import FileRef
from journal.files import FileStore
from runtime import signing
from runtime.http import client
from runtime.sections import Host, WebhookReceiver

PUBLIC = "93.184.215.14"
HOSTS = {
    "crm": Host(host="crm.example", headers={"Authorization": "secret://crm"}),
    "inside": Host(host="inside.example:8080", private=True),
    "rebound": Host(host="rebound.example"),
}
WEBHOOKS = {"crm": WebhookReceiver(url="https://hooks.example/in", secret="secret://hook")}


class Outside:
    """The world: remembers what it was asked, and answers or raises what the test says."""

    def __init__(self, answer: httpx.Response | Exception | None = None, files: Path = Path()) -> None:
        self.answer = answer or httpx.Response(200, json={"plans": [1, 2]})
        self.requests: list[httpx.Request] = []
        self.files = FileStore(files)

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def resolve(self, host: str, _port: int) -> list[str]:
        return ["10.0.0.7"] if host.startswith(("inside", "rebound")) else [PUBLIC]

    async def run(self, method: Callable[[HttpCalls], Any], effect: CallHttp | PostWebhook) -> HttpAnswer:
        bounds = client().event_hooks
        async with httpx.AsyncClient(transport=httpx.MockTransport(self.handle), event_hooks=bounds) as http:
            calls = HttpCalls(http, HOSTS, WEBHOOKS, lambda name: f"value of {name}", self.files, self.resolve)
            return await ActivityEnvironment().run(method(calls), effect)

    async def call(self, url: str = "https://crm.example/plans", method: str = "GET", **changes: Any) -> HttpAnswer:
        changes = {"limit": timedelta(seconds=10), **changes}
        effect = CallHttp(method=method, url=url, key="c1:7", card="find", patience=timedelta(minutes=2), **changes)
        return await self.run(lambda calls: calls.call_http, effect)

    async def fetch(self, url: str) -> HttpAnswer:
        effect = FetchFile(url=url, key="c1:7", card="send", limit=timedelta(seconds=10), patience=timedelta(minutes=2))
        return await self.run(lambda calls: calls.fetch_file, effect)

    async def post(self, webhook: str = "crm") -> HttpAnswer:
        effect = PostWebhook(
            webhook=webhook, event="paid", data={"n": "ç"}, key="c1:7", card="tell", patience=timedelta(minutes=2)
        )
        return await self.run(lambda calls: calls.post_webhook, effect)


async def test_the_name_is_looked_up_once_and_the_address_is_called() -> None:
    outside = Outside()
    answer = await outside.call(query={"cep": "89801-000", "n": 2})
    assert answer == HttpAnswer(status=200, value={"plans": [1, 2]})
    (request,) = outside.requests
    assert str(request.url) == f"https://{PUBLIC}/plans?cep=89801-000&n=2"
    assert request.headers["host"] == "crm.example"
    assert request.extensions["sni_hostname"] == "crm.example"


async def test_secrets_come_from_the_settings_and_win() -> None:
    outside = Outside()
    await outside.call(headers={"authorization": "mine", "X-Trace": "1"})
    assert outside.requests[0].headers["authorization"] == "value of secret://crm"
    assert outside.requests[0].headers["x-trace"] == "1"
    assert "idempotency-key" not in outside.requests[0].headers


@pytest.mark.parametrize(("body", "sent"), [({"a": "ç"}, {"a": "ç"}), ([1], [1])])
async def test_a_write_has_its_key_and_its_body(body: Any, sent: Any) -> None:
    outside = Outside()
    await outside.call(method="POST", body=body)
    assert outside.requests[0].headers["idempotency-key"] == "c1:7"
    assert json.loads(outside.requests[0].content) == sent


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/",
        "https://crm.example.evil.example/",
        "https://crm.example@evil.example/",
        "https://crm.example:8443/",
        "http://crm.example/",
        "ftp://crm.example/",
        "file:///etc/passwd",
        "//crm.example/",
        "crm.example",
        "https://127.0.0.1/",
        "https://rebound.example/",
        "",
    ],
)
async def test_what_the_settings_do_not_allow_is_not_called(url: str) -> None:
    outside = Outside()
    with pytest.raises(ForbiddenHostError):
        await outside.call(url)
    assert outside.requests == []


async def test_a_private_host_is_called_where_the_settings_say_so() -> None:
    outside = Outside()
    await outside.call("http://inside.example:8080/x")
    assert str(outside.requests[0].url) == "http://10.0.0.7:8080/x"


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("https://crm.example/\n", {}),
        ("https://user:pass@crm.example/", {}),
        ("https://crm.example/", {"Host": "evil.example"}),
        ("https://crm.example/", {"Transfer-Encoding": "chunked"}),
        ("https://crm.example/", {"x": "a\r\nhost: evil.example"}),
        ("https://crm.example/", {"x": "ção"}),
    ],
)
async def test_what_is_no_request_is_the_authors_mistake(url: str, headers: dict[str, str]) -> None:
    outside = Outside()
    with pytest.raises(FlowError):
        await outside.call(url, headers=headers)
    assert outside.requests == []


@pytest.mark.parametrize(("status", "outcome"), [(404, "not_found"), (400, "rejected"), (403, "rejected")])
async def test_a_no_is_an_answer(status: int, outcome: str) -> None:
    answer = await Outside(httpx.Response(status, text="secret")).call()
    assert (answer.outcome, answer.status, answer.value) == (outcome, status, None)


@pytest.mark.parametrize(
    ("method", "what", "error"),
    [
        ("GET", httpx.ConnectError("no"), HttpUnavailableError),
        ("POST", httpx.ConnectError("no"), HttpUnavailableError),
        ("GET", httpx.ReadTimeout("no"), HttpUnavailableError),
        ("PUT", httpx.ReadTimeout("no"), HttpUnavailableError),
        ("POST", httpx.ReadTimeout("no"), HttpAmbiguousError),
        ("POST", httpx.Response(500), HttpAmbiguousError),
        ("POST", httpx.Response(503), HttpUnavailableError),
        ("PATCH", httpx.Response(429), HttpUnavailableError),
        ("GET", httpx.Response(502), HttpUnavailableError),
        ("GET", httpx.Response(302, headers={"location": "http://127.0.0.1"}), HttpMalformedError),
    ],
)
async def test_only_what_was_certainly_not_taken_is_sent_again(
    method: str, what: httpx.Response | Exception, error: type[ProsaError]
) -> None:
    with pytest.raises(error) as raised:
        await Outside(what).call(method=method)
    assert raised.value.retryable == (error is HttpUnavailableError)


async def test_a_repeatable_write_is_sent_again_whatever_happened() -> None:
    with pytest.raises(HttpUnavailableError):
        await Outside(httpx.ReadTimeout("no")).call(method="POST", repeatable=True)


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (httpx.Response(200, text="olá"), "olá"),
        (httpx.Response(204), None),
        (httpx.Response(200, json=[1]), [1]),
        (httpx.Response(200, content=b"\xff", headers={"content-type": "text/plain; charset=nonsense"}), "\ufffd"),
    ],
)
async def test_text_is_text_and_json_is_json(answer: httpx.Response, value: Any) -> None:
    assert (await Outside(answer).call()).value == value


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b"x" * (LIMITS.http_answer + 1)),
        httpx.Response(200, content=b"{", headers={"content-type": "application/json"}),
        httpx.Response(200, content=b"[" * 100_000, headers={"content-type": "application/json"}),
        httpx.Response(200, content=b'"\\u0000"', headers={"content-type": "application/json"}),
        httpx.Response(200, content=b'"\\ud800"', headers={"content-type": "application/json"}),
        httpx.Response(200, content=b"[1e400]", headers={"content-type": "application/json"}),
        httpx.Response(200, content='"\\u0000"'.encode("utf-16"), headers={"content-type": "application/json"}),
    ],
)
async def test_an_answer_that_cannot_be_kept_is_refused(answer: httpx.Response) -> None:
    with pytest.raises(HttpMalformedError):
        await Outside(answer).call()


async def test_a_packed_answer_is_not_unpacked() -> None:
    async def pieces() -> AsyncGenerator[bytes]:
        yield gzip.compress(b"0" * 1_000_000)

    with pytest.raises(HttpMalformedError, match="compressed"):
        await Outside(httpx.Response(200, content=pieces(), headers={"content-encoding": "gzip"})).call()


async def test_a_webhook_is_signed_and_the_same_in_every_attempt() -> None:
    outside = Outside(httpx.Response(202))
    assert (await outside.post()).outcome == "ok"
    (request,) = outside.requests
    assert json.loads(request.content) == {"id": "c1:7", "type": "paid", "data": {"n": "ç"}}
    headers = request.headers
    key = signing.key("value of secret://hook")
    expected = signing.signature(key, headers["webhook-id"], headers["webhook-timestamp"], request.content)
    assert (headers["webhook-id"], headers["webhook-signature"]) == ("c1:7", expected)


async def test_a_webhook_is_posted_again_after_whatever_happened() -> None:
    with pytest.raises(HttpUnavailableError):
        await Outside(httpx.Response(500)).post()
    assert (await Outside(httpx.Response(410)).post()).outcome == "rejected"


async def test_a_receiver_that_the_settings_do_not_have_is_named() -> None:
    with pytest.raises(SettingsError, match="'erp'"):
        await Outside().post("erp")


PDF = b"%PDF-1.7 boleto"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def saying(content: bytes, kind: str = "application/octet-stream") -> httpx.Response:
    return httpx.Response(200, content=content, headers={"content-type": kind})


@pytest.mark.parametrize(
    ("url", "answer", "name", "mime"),
    [
        ("https://crm.example/7841.pdf?key=1", saying(PDF), "7841.pdf", "application/pdf"),
        ("https://crm.example/boletos/7841", saying(PDF, "text/plain"), "7841.pdf", "application/pdf"),
        ("https://crm.example/", saying(PNG), "file.png", "image/png"),
        ("https://crm.example/fatura%20de%20maio.PDF", saying(PDF), "fatura de maio.PDF", "application/pdf"),
        ("https://crm.example/..%2F..%2Fetc%2Fpasswd", saying(PDF), "passwd.pdf", "application/pdf"),
        ("https://crm.example/notas.csv", saying(b"a;b", "text/csv; charset=utf-8"), "notas.csv", "text/csv"),
        ("https://crm.example/aviso", saying(b"ID3", "audio/mpeg"), "aviso.mp3", "audio/mpeg"),
        ("https://crm.example/dados.bin", saying(b"0", "no type"), "dados.bin", "application/octet-stream"),
    ],
)
async def test_a_file_is_kept_as_what_it_is(
    url: str, answer: httpx.Response, name: str, mime: str, tmp_path: Path
) -> None:
    outside = Outside(answer, tmp_path)
    file = FileRef.model_validate((await outside.fetch(url)).value)
    assert (file.name, file.mime, file.size) == (name, mime, len(answer.content))
    assert outside.files.read(file) == answer.content
    assert outside.requests[0].url.host == PUBLIC
    assert [path.name for path in left(tmp_path)] == [file.id]


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("https://crm.example/7841.pdf", saying(b"<html>please log in", "text/html; charset=utf-8")),
        ("https://crm.example/7841.pdf", saying(b"please log in", "text/plain")),
        ("https://crm.example/7841", saying(b"please log in", "application/pdf")),
        ("https://crm.example/7841.pdf", saying(PNG)),
        ("https://crm.example/7841.svg", saying(b"<svg>", "image/svg+xml")),
        ("https://crm.example/7841.pdf", saying(b"")),
        ("https://crm.example/7841.pdf", saying(PDF + b"0" * LIMITS.file)),
        ("https://crm.example/7841.pdf", httpx.Response(302, headers={"location": "https://crm.example/8.pdf"})),
    ],
)
async def test_what_is_no_such_file_is_not_kept(url: str, answer: httpx.Response, tmp_path: Path) -> None:
    with pytest.raises(HttpMalformedError):
        await Outside(answer, tmp_path).fetch(url)
    assert left(tmp_path) == []


async def test_a_file_comes_only_from_hosts_that_the_settings_allow() -> None:
    for url in ("https://other.example/7841.pdf", "https://rebound.example/7841.pdf", "http://crm.example/7841.pdf"):
        with pytest.raises(ForbiddenHostError):
            await Outside(saying(PDF)).fetch(url)
    assert (await Outside(httpx.Response(404)).fetch("https://crm.example/7841.pdf")).outcome == "not_found"
