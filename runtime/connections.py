"""The connections of the process's HTTP client: the one used last is used next.

httpx's own pool asks every idle connection, for each request, whether it is still open; this asks the one it takes.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import contextmanager
from typing import Any, Final, Protocol, cast

import httpcore
import httpx

KEPT: Final = 5.0
"""Seconds that an unused connection is kept, as httpx keeps it."""


class Connections(httpx.AsyncBaseTransport):
    """HTTP/1.1 by httpcore: *most* connections at a time, of which up to *idle* wait for another request."""

    def __init__(self, most: int, idle: int) -> None:
        self._free = asyncio.Semaphore(most)
        self._most_idle = idle
        self._idle: list[httpcore.AsyncHTTPConnection] = []
        """The one that was used last is the last."""
        self._tls = httpx.create_ssl_context()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send *request* on an open connection to its host, or on a new one."""
        if request.url.scheme not in {"http", "https"}:
            raise httpx.UnsupportedProtocol(f"expected http:// or https://, found {request.url.scheme!r}")
        await self._wait_for_one(request.extensions.get("timeout", {}).get("pool"))
        connection: httpcore.AsyncHTTPConnection | None = None
        try:
            with _as_httpx():
                sent = _request(request)
                connection = await self._take(sent.url.origin)
                answer = await connection.handle_async_request(sent)
        except BaseException:
            await self.give_back(connection)
            raise
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(self, connection, cast("_Chunks", answer.stream)),
            extensions=cast("Any", answer).extensions,
        )

    async def give_back(self, connection: httpcore.AsyncHTTPConnection | None) -> None:
        """Keep *connection* for another request if it can take one, and close those that nobody has used for long."""
        self._free.release()
        if connection is not None and connection.is_idle() and not connection.is_closed():
            self._idle.append(connection)
        elif connection is not None:
            await connection.aclose()
        while self._idle and (len(self._idle) > self._most_idle or self._idle[0].has_expired()):
            await self._idle.pop(0).aclose()

    async def aclose(self) -> None:
        """Close the connections that wait."""
        while self._idle:
            await self._idle.pop().aclose()

    async def _wait_for_one(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds if self._free.locked() else None):
                await self._free.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout(f"all connections were in use for {seconds} s") from None

    async def _take(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        for connection in reversed(self._idle.copy()):
            if connection.can_handle_request(origin):
                self._idle.remove(connection)
                if not connection.has_expired():
                    return connection
                await connection.aclose()
        return httpcore.AsyncHTTPConnection(origin, ssl_context=self._tls, keepalive_expiry=KEPT)


class _Chunks(Protocol):
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    async def aclose(self) -> None: ...


class _Body(httpx.AsyncByteStream):
    """The body of an answer; its connection is free once it is closed."""

    def __init__(self, pool: Connections, connection: httpcore.AsyncHTTPConnection, body: _Chunks) -> None:
        self._pool = pool
        self._connection = connection
        self._body = body

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        with _as_httpx():
            async for chunk in self._body:
                yield chunk

    async def aclose(self) -> None:
        try:
            await self._body.aclose()
        finally:
            await self._pool.give_back(self._connection)


def _request(request: httpx.Request) -> httpcore.Request:
    url = request.url
    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=cast("httpx.AsyncByteStream", request.stream),
        extensions=request.extensions,
    )


@contextmanager
def _as_httpx() -> Generator[None]:
    """Raise httpcore's errors as those of httpx, which have the same names."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error
