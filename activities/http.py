"""Call other systems over HTTP, for flows: only hosts that the settings allow, and never into a private network."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, Final, Self
from urllib.parse import unquote, urlsplit

import httpx
from pydantic import JsonValue
from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from domain.call import Call, CallHttp, FetchFile, HttpAnswer, PostWebhook
from domain.errors import (
    ContactError,
    FlowError,
    ForbiddenHostError,
    HttpAmbiguousError,
    HttpError,
    HttpMalformedError,
    HttpUnavailableError,
    SettingsError,
)
from domain.limits import LIMITS
from journal.files import FileStore
from runtime import addresses, outside_json, signing
from runtime.filetypes import HEAD, fetched, named
from runtime.sections import Host, WebhookReceiver

LATER: Final = frozenset({408, 425, 429, 503})
"""Answers that say: not taken, try again."""
Read = Callable[[httpx.Response], Awaitable[JsonValue]]
"""Reads the value of a successful answer."""
PORTS: Final = {"http": 80, "https": 443}


@activities.register
class HttpCalls(Activities):
    """The activities `call_http`, `fetch_file` and `post_webhook`."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        hosts: Mapping[str, Host],
        webhooks: Mapping[str, WebhookReceiver],
        secret: Callable[[str], str],
        files: FileStore,
        resolve: addresses.Resolve = addresses.resolve,
    ) -> None:
        self._http = http
        self._hosts = {host.host: host for host in hosts.values()}
        self._webhooks = webhooks
        self._secret = secret
        self._files = files
        self._resolve = resolve

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        settings = tools.settings
        return cls(tools.http_once, settings.hosts, settings.webhooks, tools.secret, tools.files)

    @activity.defn(name=CallHttp.activity)
    async def call_http(self, effect: CallHttp) -> HttpAnswer:
        """Make one call; 4xx is an answer. ForbiddenHostError, FlowError for an invalid request, HttpError."""
        request, host = await self._prepared(effect)
        return await self._send(effect, request, host, _value)

    @activity.defn(name=FetchFile.activity)
    async def fetch_file(self, effect: FetchFile) -> HttpAnswer:
        """Fetch one file into the file store, as `call_http` makes a call; HttpMalformedError for any other content."""
        request, host = await self._prepared(effect)
        return await self._send(effect, request, host, partial(self._kept, unquote(urlsplit(effect.url).path)))

    @activity.defn(name=PostWebhook.activity)
    async def post_webhook(self, effect: PostWebhook) -> HttpAnswer:
        """Post one event, signed; the receiver knows a repeat by its `webhook-id`."""
        receiver = self._webhooks.get(effect.webhook)
        if receiver is None:
            raise SettingsError(f"webhooks: expected {effect.webhook!r}, which a flow posts to; found none")
        body = json.dumps({"id": effect.key, "type": effect.event, "data": effect.data}, ensure_ascii=False).encode()
        headers = signing.signed([self._secret(receiver.secret)], effect.key, int(time.time()), body)
        request = self._http.build_request(
            "POST", receiver.url, content=body, headers={"content-type": "application/json", **headers}
        )
        return await self._send(effect, request, request.url.host, _value)

    async def _prepared(self, effect: CallHttp) -> tuple[httpx.Request, str]:
        """Return the request, to the very address that was checked, and the name of its host."""
        try:
            url = httpx.URL(effect.url)
        except httpx.InvalidURL:  # whose text shows a part of what expressions have put there
            raise FlowError("expected an address such as https://example.com/path, found another text") from None
        host = self._allowed(url)
        port = url.port or PORTS[url.scheme]
        ip = await addresses.address(url.host, port, private=host.private, resolver=self._resolve)
        own = {name.lower(): self._secret(value) for name, value in host.headers.items()}
        if effect.method not in {"GET", "HEAD"}:
            own = {"idempotency-key": effect.key, **own}
        if url.userinfo or not {name.lower() for name in effect.headers}.isdisjoint(_OURS):
            raise FlowError(f"neither the address nor the headers may hold {', '.join(sorted(_OURS))} or a password")
        pinned = url.copy_with(host=ip).copy_merge_params({name: _word(value) for name, value in effect.query.items()})
        request = self._request(effect, pinned, {**effect.headers, **own, "host": url.netloc.decode()}, effect.body)
        request.extensions["sni_hostname"] = url.host
        return request, url.host

    def _allowed(self, url: httpx.URL) -> Host:
        host = self._hosts.get(url.netloc.decode())
        if host is None:
            raise ForbiddenHostError(f"host {url.host!r} is not one that the settings allow under 'hosts'")
        if url.scheme != "https" and not (url.scheme == "http" and host.private):
            raise ForbiddenHostError(f"host {url.host!r} has to be called by https, found {url.scheme!r}")
        return host

    def _request(self, effect: CallHttp, url: httpx.URL, headers: Mapping[str, str], body: Any) -> httpx.Request:
        content: dict[str, Any] = {}
        if isinstance(body, str):
            content = {"content": body.encode()}
        elif body is not None:
            content = {"json": body}
        known = {name.lower(): value for name, value in headers.items()}
        if any(mark in f"{name}{value}" for name, value in known.items() for mark in "\r\n\0"):
            raise FlowError("a header of the request holds a line break")
        try:
            return self._http.build_request(
                effect.method, url, headers=known, timeout=effect.limit.total_seconds(), **content
            )
        except (ValueError, TypeError) as error:  # letters that no header may have
            raise FlowError(f"not a request: {type(error).__name__}") from error

    async def _send(self, effect: Call[Any], request: httpx.Request, host: str, read: Read) -> HttpAnswer:
        """Make the call, and *read* its answer; errors name the host alone: the rest holds personal data."""
        limit = effect.limit if isinstance(effect, CallHttp) else LIMITS.provider_call
        unclear: type[HttpError] = HttpUnavailableError if effect.idempotent else HttpAmbiguousError
        try:
            async with asyncio.timeout(limit.total_seconds()):
                answer = await self._http.send(request, stream=True)
                try:
                    value = await read(answer) if answer.is_success else None
                finally:
                    await answer.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise HttpUnavailableError(f"no connection to {host!r}: {type(error).__name__}") from error
        except httpx.DecodingError as error:
            raise HttpMalformedError(str(error)) from error
        except (httpx.RequestError, TimeoutError) as error:
            raise unclear(f"no answer from {host!r}: {type(error).__name__}") from error
        status, found = answer.status_code, f"{host!r} answered {answer.status_code}"
        attempts = activity.info().attempt
        if answer.is_success:
            return HttpAnswer(status=status, value=value, attempts=attempts)
        if status in LATER:
            raise HttpUnavailableError(found)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise unclear(found)
        if status < HTTPStatus.BAD_REQUEST:
            raise HttpMalformedError(f"{found}: redirects are not followed")
        outcome = "not_found" if status == HTTPStatus.NOT_FOUND else "rejected"
        return HttpAnswer(outcome=outcome, status=status, reason=found, attempts=attempts)

    async def _kept(self, path: str, answer: httpx.Response) -> JsonValue:
        """Keep the answer as a file with the last name of *path*; return the reference."""
        incoming = await asyncio.to_thread(self._files.begin, LIMITS.file)
        with incoming:
            head = b""
            try:
                async for piece in answer.aiter_bytes(chunk_size=_PIECE):
                    head = (head + piece)[:HEAD] if len(head) < HEAD else head
                    await asyncio.to_thread(incoming.write, piece)
            except ContactError:
                raise HttpMalformedError(f"the file has more than {LIMITS.file} bytes") from None
            kind = fetched(head, path, answer.headers.get("content-type", "")) if head else None
            if kind is None:
                raise HttpMalformedError("expected a file of the type that it is said to have, found something else")
            kept = await asyncio.to_thread(incoming.keep, named(path, kind), kind.mime)
        return kept.model_dump(mode="json")


_PIECE: Final = 16 * 1024
_OURS: Final = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})
"""Headers that say how a request is framed and where it goes."""


def _word(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


async def _value(answer: httpx.Response) -> JsonValue:
    """Return JSON as it is, other text as text, None of nothing."""
    body = bytearray()
    async for piece in answer.aiter_bytes(chunk_size=_PIECE):
        body += piece
        if len(body) > LIMITS.http_answer:
            raise HttpMalformedError(f"the answer has more than {LIMITS.http_answer} bytes")
    if "json" not in answer.headers.get("content-type", ""):
        return body.decode(errors="replace").replace("\0", "") or None
    try:
        return outside_json.read(bytes(body)) if body else None
    except ValueError as error:
        raise HttpMalformedError(str(error)) from None
