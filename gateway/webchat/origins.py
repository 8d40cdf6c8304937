"""Web pages that may call the gateway: those of the account's origins, and our own."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.base import Channel
from web import error_page

_PATH: Final = re.compile(r"/(?:webhooks/[^/]+|webchat)/(?P<account>[^/]+)(?:/.*)?")
_ALLOWED: Final = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type, last-event-id",
    "access-control-max-age": "600",
}


class Origins:
    """ASGI middleware: answers CORS preflights, and refuses pages that an account for browsers does not allow."""

    def __init__(self, app: ASGIApp, *, channels: Mapping[str, Channel], public_url: str) -> None:
        self._app = app
        self._channels = channels
        self._ours = urlsplit(public_url).netloc.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or (allowed := self._allowed(scope["path"])) is None:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None:
            await self._app(scope, receive, send)
            return
        if not self._may(origin.lower(), headers.get("host", "").lower(), allowed):
            refusal = error_page.answer(Request(scope), 403, f"the origin {origin!r} is not allowed for this account")
            await refusal(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer["access-control-allow-origin"] = origin
                answer["access-control-expose-headers"] = "retry-after"
                answer.add_vary_header("origin")
            await send(message)

        preflight = scope["method"] == "OPTIONS"
        await (Response(status_code=204, headers=_ALLOWED) if preflight else self._app)(
            scope, receive, send_with_headers
        )

    def _allowed(self, path: str) -> tuple[str, ...] | None:
        found = _PATH.fullmatch(path)
        channel = self._channels.get(found["account"]) if found else None
        return channel.origins if channel else None

    def _may(self, origin: str, host: str, allowed: tuple[str, ...]) -> bool:
        # Hosts alone are compared: behind a proxy that ends TLS we do not know our own scheme.
        return origin in allowed or "*" in allowed or urlsplit(origin).netloc in {host, self._ours} - {""}
