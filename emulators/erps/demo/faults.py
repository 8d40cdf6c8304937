"""The layer before the API that notes each request and misbehaves as the switches say."""

import asyncio
from collections import deque
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulators.connections import Cut
from emulators.erps.demo.switches import Switches
from emulators.switchboard import Switchboard

REQUESTS_KEPT = 100_000

LOGIN_PAGE = """<!DOCTYPE html>
<html lang="pt-BR"><head><meta charset="utf-8"><title>Entrar</title></head>
<body><form method="post" action="/login"><h1>Sua sessão expirou</h1>
<input name="usuario" placeholder="Usuário"><input name="senha" type="password" placeholder="Senha">
<button>Entrar</button></form></body></html>
"""


class RequestLog:
    """The latest requests to `/api/`, for those who check what a client did."""

    def __init__(self) -> None:
        self.entries: deque[dict[str, str | None]] = deque(maxlen=REQUESTS_KEPT)

    def note(self, scope: Scope) -> None:
        """Write down one request; the query is left out, for it holds the document of a person."""
        key = Headers(scope=scope).get("idempotency-key")
        at = datetime.now(UTC).isoformat()
        self.entries.append({"method": scope["method"], "path": scope["path"], "key": key, "at": at})


class Faults:
    """ASGI middleware: `/api/` suffers the switches, everything else passes."""

    def __init__(self, app: ASGIApp, *, switchboard: Switchboard[Switches], log: RequestLog, cut: Cut) -> None:
        self.app = app
        self.switchboard = switchboard
        self.log = log
        self.cut = cut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        self.log.note(scope)
        switches = self.switchboard.draw()
        refusal = _refusal(switches)
        answer: list[Message] = []
        if refusal is None and not switches.down:
            answer = await self._carry_out(scope, receive)
        stored = bool(answer) and scope["method"] == "POST" and answer[0]["status"] == HTTPStatus.CREATED
        reset = stored and self.switchboard.draw_reset()
        await asyncio.sleep(switches.slow_seconds)
        if switches.down or reset:
            await self.cut(scope, receive, reset=reset)
        elif refusal is not None:
            await refusal(scope, receive, send)
        elif switches.malformed:
            await _halved(answer)(scope, receive, send)
        else:
            for message in answer:
                await send(message)

    async def _carry_out(self, scope: Scope, receive: Receive) -> list[Message]:
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self.app(scope, receive, keep)
        return answer


def _refusal(switches: Switches) -> Response | None:
    if switches.down:
        return None
    if switches.error_500:
        error = {"code": "internal_error", "message": "the switch error_500 is on"}
        return JSONResponse({"error": error}, HTTPStatus.INTERNAL_SERVER_ERROR)
    return HTMLResponse(LOGIN_PAGE) if switches.html else None


def _halved(answer: list[Message]) -> Response:
    body = b"".join(message.get("body", b"") for message in answer)
    media_type = Headers(raw=answer[0]["headers"]).get("content-type")
    return Response(body[: len(body) // 2], HTTPStatus.OK, media_type=media_type)
