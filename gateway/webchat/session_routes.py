"""The web chat's routes for sessions: to open, to go on with, to continue elsewhere, to end."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.base import Channel, Rate
from channels.webchat import Session, Webchat, bearer
from domain.errors import InvalidWebhookError
from gateway.spool import DATABASE_AWAY
from gateway.webchat.sessions import Sessions
from journal.sessions import SessionLink
from web import body
from web.answers import JSONResponse
from web.rate_limit import RateLimit, place_of

SESSIONS: Final = Rate(count=20, seconds=60)
"""New sessions that one address may open, and links it may try; a machine's own addresses may do any number."""
LINKS: Final = Rate(count=10, seconds=60)
"""Links that one session may make."""
_BODY: Final = 16 * 1024
_PRIVATE: Final = {"cache-control": "no-store"}
_LOST: Final = {
    "used": "the link was used before: each works once",
    "gone": "the link is not ours, or has expired",
}
Before = Literal["expired", "ended"] | None
"""Reason why the token that was brought along is good no longer."""


class Asked(BaseModel):
    """The body of a request for a session."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    name: str = ""
    resume: str = ""
    """A token whose session goes on."""
    code: str = Field(default="", max_length=200)
    """The code of a link whose session goes on: it is used up."""


class _Found(NamedTuple):
    session: Session | None
    before: Before = None


class SessionRoutes:
    """`/webchat/{account}/sessions`, `/sessions/end`, `/links`, `/links/look`; tokens travel in headers and bodies."""

    def __init__(self, channels: Mapping[str, Channel], sessions: Sessions) -> None:
        self._channels = channels
        self._sessions = sessions
        self._rate_limit = RateLimit()

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/webchat/{account}/sessions", self.open, methods=["POST"]),
            Route("/webchat/{account}/sessions/end", self.end, methods=["POST"]),
            Route("/webchat/{account}/links", self.make_link, methods=["POST"]),
            Route("/webchat/{account}/links/look", self.look_at_link, methods=["POST"]),
        ]

    async def open(self, request: Request) -> Response:
        """Answer with a session and its token; `resume` and `code` let one go on. 410 for a link that is no good."""
        channel = web_chat(self._channels, request)
        asked = await _asked(request)
        found = await self._by_link(request, channel, asked) if asked.code else await self._by_token(channel, asked)
        if found.session is None:
            self._limit(place_of(request), SESSIONS, "too many sessions")
        session, token = channel.open_session(asked.name, found.session)
        answer = {
            "session": session,
            "token": token,
            "expires_at": datetime.fromtimestamp(channel.read_token(token).until, UTC).isoformat(),
            "resumed": found.session is not None,
            "before": found.before,
            "privacy_url": channel.privacy_url,
        }
        return JSONResponse(answer, headers=_PRIVATE)

    async def end(self, request: Request) -> Response:
        """End the session of the token: its tokens and links are good no longer, on no device."""
        channel = web_chat(self._channels, request)
        session = self._session(channel, request)
        try:
            await self._sessions.end(channel.account, session.id)
        except DATABASE_AWAY as error:
            raise _away() from error
        return Response(status_code=204, headers=_PRIVATE)

    async def make_link(self, request: Request) -> Response:
        """Answer with the code of a link that continues the session of the token elsewhere, once."""
        channel = web_chat(self._channels, request)
        session = self._session(channel, request)
        await self._sessions.admit(channel.account, session.id)
        self._limit((channel.account, session.id), LINKS, "too many links")
        try:
            code, until = await self._sessions.make_link(channel.account, session, channel.link_lasts)
        except DATABASE_AWAY as error:
            raise _away() from error
        return JSONResponse({"code": code, "expires_at": until.isoformat()}, headers=_PRIVATE)

    async def look_at_link(self, request: Request) -> Response:
        """Answer how the link with `code` stands, without using it: `good`, `used`, `gone`, or `yours` by the token."""
        channel = web_chat(self._channels, request)
        asked = await _asked(request)
        self._limit(place_of(request), SESSIONS, "too many links")
        try:
            state, link = await self._sessions.look_at_link(channel.account, asked.code)
        except DATABASE_AWAY as error:
            raise _away() from error
        yours = link is not None and link.session == _id_of(channel, bearer(request.headers))
        return JSONResponse({"state": "yours" if yours else state}, headers=_PRIVATE)

    async def _by_link(self, request: Request, channel: Webchat, asked: Asked) -> _Found:
        self._limit(place_of(request), SESSIONS, "too many links")
        try:
            state, link = await self._sessions.use_link(channel.account, asked.code)
        except DATABASE_AWAY as error:
            raise _away() from error
        if link is None:
            raise HTTPException(410, _LOST[state])
        return _Found(_session_of(link))

    async def _by_token(self, channel: Webchat, asked: Asked) -> _Found:
        if not asked.resume:
            return _Found(None)
        try:
            session = channel.read_token(asked.resume)
        except InvalidWebhookError:
            return _Found(None, "expired")  # the visitor simply begins anew
        if await self._sessions.is_ended(channel.account, session.id):
            return _Found(None, "ended")
        return _Found(session)

    def _session(self, channel: Webchat, request: Request) -> Session:
        try:
            return channel.read_token(bearer(request.headers))
        except InvalidWebhookError as error:
            raise HTTPException(401, str(error)) from error

    def _limit(self, sender: object, rate: Rate, sentence: str) -> None:
        if sender and (wait := self._rate_limit.wait((sentence, sender), rate)):
            raise HTTPException(429, sentence, headers={"retry-after": str(wait)})


def web_chat(channels: Mapping[str, Channel], request: Request) -> Webchat:
    """Return the web chat that *request* names; HTTPException 404 when there is none."""
    account = request.path_params["account"]
    channel = channels.get(account)
    if not isinstance(channel, Webchat):
        raise HTTPException(404, f"no web chat {account!r}")
    return channel


async def _asked(request: Request) -> Asked:
    raw = await body.read(request, _BODY)
    try:
        return Asked.model_validate_json(raw) if raw else Asked()
    except ValidationError as error:
        raise HTTPException(400, "expected a JSON object with 'name', 'resume' and 'code', all optional") from error


def _session_of(link: SessionLink) -> Session:
    return Session(id=link.session, name=link.name, begun=link.begun, until=0)


def _id_of(channel: Webchat, token: str) -> str:
    try:
        return channel.read_token(token).id
    except InvalidWebhookError:
        return ""


def _away() -> HTTPException:
    return HTTPException(503, "nothing could be stored, come again", headers={"retry-after": "5"})
