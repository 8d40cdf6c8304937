"""The provider as an ASGI application."""

import asyncio
import ipaddress
import json
from http import HTTPStatus
from typing import Any, cast

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from emulators.channels.http.signature import fault
from emulators.channels.http.store import Store
from emulators.channels.http.switches import Switches
from emulators.connections import Cut
from emulators.switchboard import Switchboard


def create_app(store: Store, cut: Cut, *, secret: str = "", idempotent: bool = False) -> Starlette:
    """Return the application over an open `store`; the caller closes it. Without a secret nobody asks who signed."""
    provider = Provider(store, cut, secret, idempotent=idempotent)
    return Starlette(
        routes=[
            Route("/messages", provider.send, methods=["POST"]),
            Route("/messages", provider.find, methods=["GET"]),
            Route("/control/switches", provider.show_switches, methods=["GET"]),
            Route("/control/switches", provider.set_switches, methods=["PUT"]),
            Route("/control/received", provider.received),
            Route("/health", _health),
        ],
    )


class Provider:
    """The endpoints; coroutines, so that store and switches are touched by the event loop's thread alone."""

    def __init__(self, store: Store, cut: Cut, secret: str, *, idempotent: bool) -> None:
        self.store = store
        self.cut = cut
        self.secret = secret
        self.idempotent = idempotent
        self.switchboard = Switchboard(Switches())

    async def send(self, request: Request) -> Response:
        """POST /messages: takes a message and answers `{"id"}`; 401 for a bad signature, 400 for what is no message."""
        body = await request.body()
        key = request.headers.get("webhook-id", "")
        text = body.decode(errors="replace")
        switches = self.switchboard.draw()
        refusal = self._signature(request, body) or _fault(switches) or _unreadable(text)
        if refusal is not None:
            self.store.turn_away(key, text, refusal.status_code)
            await asyncio.sleep(switches.slow_seconds)
            return refusal
        message_id = self.store.take(key, text, idempotent=self.idempotent)
        drop = self.switchboard.draw_reset()
        await asyncio.sleep(switches.slow_seconds)
        if drop:
            return _Dropped(self.cut)
        answer = json.dumps({"id": message_id})
        return Response(answer[: len(answer) // 2] if switches.malformed else answer, media_type="application/json")

    async def find(self, request: Request) -> Response:
        """GET /messages?key=: the id of the message that was taken under a key, else 404."""
        refusal = self._signature(request, b"")
        if refusal is not None:
            return refusal
        message_id = self.store.id_of(request.query_params.get("key", ""))
        return _error(HTTPStatus.NOT_FOUND, "unknown_key") if message_id is None else JSONResponse({"id": message_id})

    async def show_switches(self, request: Request) -> Response:
        """GET /control/switches: how they stand now, counts included."""
        return _strangers(request) or JSONResponse(self.switchboard.current.model_dump())

    async def set_switches(self, request: Request) -> Response:
        """PUT /control/switches: the new state; what is left out is off. 422 for an unknown switch or value."""
        stranger = _strangers(request)
        if stranger is not None:
            return stranger
        try:
            self.switchboard.current = Switches.model_validate_json(await request.body())
        except ValidationError as error:
            found = error.errors(include_url=False)[0]
            return _error(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_switches", f"{found['loc']}: {found['msg']}")
        return await self.show_switches(request)

    async def received(self, request: Request) -> Response:
        """GET /control/received?after=: the calls, oldest first; what is `taken` is what a contact has seen."""
        after = request.query_params.get("after", "0")
        return _strangers(request) or JSONResponse(self.store.calls(int(after) if after.isdigit() else 0))

    def _signature(self, request: Request, body: bytes) -> Response | None:
        found = fault(self.secret, request.headers, body) if self.secret else None
        return None if found is None else _error(HTTPStatus.UNAUTHORIZED, "bad_signature", found)


class _Dropped(Response):
    """No answer at all."""

    def __init__(self, cut: Cut) -> None:
        super().__init__()
        self._cut = cut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del send
        await self._cut(scope, receive, reset=True)


def _fault(switches: Switches) -> Response | None:
    if switches.fail_500:
        return _error(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error")
    if switches.rate_limit is not None:
        # Retry-After counts whole seconds.
        return _error(HTTPStatus.TOO_MANY_REQUESTS, "rate_limited", retry_after=-int(-switches.rate_limit // 1))
    return _error(HTTPStatus.BAD_REQUEST, "recipient_unknown") if switches.refuse else None


def _unreadable(text: str) -> Response | None:
    try:
        body: Any = json.loads(text)
    except ValueError:
        body = None
    fields = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    if fields.get("type") == "message" and fields.get("to") and (fields.get("text") or fields.get("file")):
        return None
    return _error(HTTPStatus.BAD_REQUEST, "not_a_message", "a message has type, to, and text or file")


def _error(status: HTTPStatus, code: str, message: str = "", *, retry_after: int | None = None) -> Response:
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    return JSONResponse({"code": code, "message": message}, status, headers=headers)


def _strangers(request: Request) -> Response | None:
    host = request.client.host if request.client else ""
    if ipaddress.ip_address(host or "0.0.0.0").is_loopback:  # noqa: S104 an address to compare, not to bind
        return None
    return _error(HTTPStatus.FORBIDDEN, "forbidden", "the control panel answers this machine only")


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})
