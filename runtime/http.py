"""The one HTTP client of a process: no redirects, no cookies, no retries of its own; Temporal owns retries."""

from collections.abc import AsyncIterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final, cast

import httpx
from typing_extensions import override

from domain.limits import LIMITS

_MOST: Final = 200
"""Connections at a time."""
_AS_IT_IS: Final = "identity"


def client(
    idle: int = 50, seconds: float = LIMITS.provider_call.total_seconds(), most: int = LIMITS.answer
) -> httpx.AsyncClient:
    """Return a client with pooled connections that waits *seconds* for a call; close it with the process.

    *idle* is how many connections are kept for the next call. Nothing that one call leaves behind reaches the next:
    a cookie set for one customer would travel in another's call. Reading an answer of more than *most* bytes, or a
    compressed one, which could be small on the way and huge in memory, raises httpx.DecodingError.
    """

    async def bound(response: httpx.Response) -> None:
        response.stream = _Bounded(response, most)

    return httpx.AsyncClient(
        timeout=httpx.Timeout(seconds, connect=min(5.0, seconds)),
        limits=httpx.Limits(max_connections=_MOST, max_keepalive_connections=idle),
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        headers={"user-agent": "prosa", "accept-encoding": _AS_IT_IS},
        event_hooks={"response": [bound]},
    )


class _Bounded(httpx.AsyncByteStream):
    """The body of *response* while it has at most so many bytes, as they are."""

    def __init__(self, response: httpx.Response, most: int) -> None:
        self._response = response
        self._stream = cast("httpx.AsyncByteStream", response.stream)
        self._most = most

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._response.headers.get("content-encoding", _AS_IT_IS) != _AS_IT_IS:
            raise httpx.DecodingError("expected an answer as it is, found a compressed one")
        read = 0
        async for piece in self._stream:
            read += len(piece)
            if read > self._most:
                raise httpx.DecodingError(f"expected an answer of at most {self._most} bytes, found more")
            yield piece

    @override
    async def aclose(self) -> None:
        await self._stream.aclose()
