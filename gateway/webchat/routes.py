"""The web chat's own routes: sessions, and the stream of messages."""

from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.base import Channel, Rate
from channels.webchat import Webchat, bearer
from domain.errors import InvalidWebhookError
from gateway.webchat.journal_watch import Hub
from gateway.webchat.stream import EventStreamResponse, Stream, position
from journal.database import Database
from runtime.links import Links
from web import body
from web.answers import JSONResponse
from web.rate_limit import RateLimit, outside

SESSIONS: Final = Rate(count=20, seconds=60)
"""New sessions that one address may open; a machine's own addresses may open any number."""
STREAMS: Final = 10
"""Streams that one session may follow at once."""
_BODY: Final = 16 * 1024
_PRIVATE: Final = {"cache-control": "no-store"}


class WebchatRoutes:
    """`/webchat/{account}/sessions` and `/webchat/{account}/events`; messages go to `/webhooks/webchat/{account}`."""

    def __init__(
        self, channels: Mapping[str, Channel], database: Database, hub: Hub, links: Links, names: Mapping[str, str]
    ) -> None:
        self._channels = channels
        self._database = database
        self._hub = hub
        self._links = links
        self._names = names
        self._rate_limit = RateLimit()
        self._open: Counter[tuple[str, str]] = Counter()

    def routes(self) -> list[Route]:
        """Return both routes."""
        return [
            Route("/webchat/{account}/sessions", self.open_session, methods=["POST"]),
            Route("/webchat/{account}/events", self.follow),
        ]

    async def open_session(self, request: Request) -> Response:
        """Answer with a session and its token; `resume`, a token that is still good, lets its session go on."""
        channel = self._channel(request)
        raw = await body.read(request, _BODY)
        try:
            asked = _Asked.model_validate_json(raw) if raw else _Asked()
        except ValidationError as error:
            raise HTTPException(400, "expected a JSON object with 'name' and 'resume', both optional") from error
        resumed = None
        if asked.resume:
            try:
                resumed = channel.read_token(asked.resume)
            except InvalidWebhookError:
                resumed = None  # the visitor simply begins anew
        sender = outside(request)
        if resumed is None and sender is not None and (wait := self._rate_limit.wait(sender, SESSIONS)):
            raise HTTPException(429, "too many sessions", headers={"retry-after": str(wait)})
        session, token = channel.open_session(asked.name, resumed)
        expires_at = datetime.fromtimestamp(channel.read_token(token).until, UTC)
        answer = {
            "session": session,
            "token": token,
            "expires_at": expires_at.isoformat(),
            "resumed": resumed is not None,
            "privacy_url": channel.privacy_url,
        }
        return JSONResponse(answer, headers=_PRIVATE)

    async def follow(self, request: Request) -> Response:
        """Answer with the stream of one session, after `Last-Event-ID` or `?after=`, from the beginning without."""
        channel = self._channel(request)
        try:
            session = channel.read_token(bearer(request.headers))
        except InvalidWebhookError as error:
            raise HTTPException(401, str(error)) from error
        if self._open[channel.account, session.id] >= STREAMS:
            raise HTTPException(429, "too many streams of one session", headers={"retry-after": "5"})
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        stream = Stream(self._database, self._hub, self._links, self._names, channel.account, session.id)
        events = self._counted((channel.account, session.id), stream.events(position(after)))
        return EventStreamResponse(events)

    async def _counted(self, whose: tuple[str, str], events: AsyncGenerator[str]) -> AsyncGenerator[str]:
        self._open[whose] += 1
        try:
            async with aclosing(events):
                async for event in events:
                    yield event
        finally:
            self._open[whose] -= 1
            if not self._open[whose]:
                del self._open[whose]

    def _channel(self, request: Request) -> Webchat:
        account = request.path_params["account"]
        channel = self._channels.get(account)
        if not isinstance(channel, Webchat):
            raise HTTPException(404, f"no web chat {account!r}")
        return channel


class _Asked(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str = ""
    resume: str = ""
