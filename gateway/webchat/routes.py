"""The web chat's stream of messages; sessions have routes of their own (session_routes.py)."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.base import Channel
from channels.webchat import bearer
from domain.errors import InvalidWebhookError
from gateway.webchat.journal_watch import Hub
from gateway.webchat.session_routes import web_chat
from gateway.webchat.sessions import Sessions
from gateway.webchat.stream import EventStreamResponse, Stream, position
from gateway.webchat.stream_places import StreamPlaces
from journal.database import Database
from runtime.links import Links
from runtime.open_files import raise_limit
from web.connections import Bounds
from web.rate_limit import place_of


class WebchatRoutes:
    """`/webchat/{account}/events`; messages go to `/webhooks/webchat/{account}`."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        sessions: Sessions,
        database: Database,
        hub: Hub,
        links: Links,
        names: Mapping[str, str],
    ) -> None:
        self._channels = channels
        self._sessions = sessions
        self._database = database
        self._hub = hub
        self._links = links
        self._names = names
        self._places = StreamPlaces(everywhere=Bounds.for_files(raise_limit()).connections // 2)

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/webchat/{account}/events", self.follow)]

    async def follow(self, request: Request) -> Response:
        """Answer with the stream of one session, after `Last-Event-ID` or `?after=`, from the beginning without."""
        channel = web_chat(self._channels, request)
        try:
            session = channel.read_token(bearer(request.headers))
        except InvalidWebhookError as error:
            raise HTTPException(401, str(error)) from error
        await self._sessions.admit(channel.account, session.id)
        if request.method == "HEAD":
            return Response(media_type=EventStreamResponse.media_type, headers={"cache-control": "no-store"})
        give_back = self._places.take((channel.account, session.id), place_of(request))
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        stream = Stream(self._database, self._hub, self._links, self._names, channel.account, session.id)
        return EventStreamResponse(stream.events(position(after)), give_back)
