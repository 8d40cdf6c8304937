"""Headers that every answer has, and the refusal of requests whose host, origin or path nobody can read."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import error_page

_YEAR: Final = 365 * 24 * 3600
_ALWAYS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}
"""Headers of an answer that has none of its own: it loads, sends and frames nothing, should a browser show it."""


def headers_for(public_url: str) -> Mapping[str, str]:
    """Return the headers of every answer; browsers keep to HTTPS once *public_url* says that it is there."""
    if public_url.lower().startswith("https://"):
        return {**_ALWAYS, "strict-transport-security": f"max-age={_YEAR}"}
    return _ALWAYS


class Hardening:
    """ASGI middleware: adds *headers* to each answer, and answers 400 where `Host` or `Origin` is no address.

    So it does for a path with a NUL character: no database looks for one.
    """

    def __init__(self, app: ASGIApp, *, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    answer.setdefault(name, value)
            await send(message)

        wrong = _wrong(scope)
        app = error_page.answer(Request(scope), 400, wrong) if wrong else self._app
        await app(scope, receive, send_with_headers)


def _wrong(scope: Scope) -> str:
    """Return a sentence about what cannot be read; empty when all can."""
    headers = Headers(scope=scope)
    written = {"Host": f"//{headers.get('host', '')}", "Origin": headers.get("origin", "")}
    for name, value in written.items():
        if not _is_readable(value):
            return f"the header {name} is no address"
    return "the path has a NUL character" if "\0" in scope["path"] else ""


def _is_readable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.hostname, parts.port  # each is read only now, and may be wrong
    except ValueError:
        return False
    return True
