"""The route for callbacks: other systems post events to the addresses that flows have given out."""

from typing import Final

from pydantic import ValidationError
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.base import Rate
from domain.errors import UnknownNameError
from domain.limits import LIMITS
from domain.message import Callback
from gateway.intake import CallbackResult, Intake, IntakeResult
from gateway.spool import DATABASE_AWAY
from runtime.callbacks import PATH, Tokens
from runtime.failpoints import reach
from runtime.logging import logger
from web import body
from web.answers import JSONResponse
from web.rate_limit import RateLimit, place_of

EACH: Final = Rate(count=20, seconds=60)
"""Requests for one event: it counts once."""
PLACE: Final = Rate(count=200, seconds=10)
"""Requests from one address, which may be a provider's for all its customers."""
_AGAIN: Final = {"retry-after": "5"}
_LATER: Final = {"retry-after": "60"}


class CallbackRoutes:
    """`/events/{token}`: 202 once an event is safe, and for every repeat; 404 not ours, 410 nobody listens any more."""

    def __init__(self, intake: Intake, tokens: Tokens) -> None:
        self._intake = intake
        self._tokens = tokens
        self._rate_limit = RateLimit()

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route(f"{PATH}{{token}}", self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """Store the callback; the conversation gets it after the answer."""
        if place := place_of(request):
            self._limit_rate(place, PLACE)
        try:
            key, event = self._tokens.read(request.path_params["token"])
        except UnknownNameError as error:
            raise HTTPException(404, str(error)) from error
        self._limit_rate(key, EACH)
        result = await self._tell(_callback(key, event, await body.read(request, LIMITS.event_body)))
        if result.full:
            raise HTTPException(503, "the conversation has too much to hear, come again", headers=_LATER)
        if not result.heard:
            raise HTTPException(410, "nobody listens any more")
        content = {"received": result.taken.received, "repeated": result.taken.repeated}
        return JSONResponse(content, 202, background=BackgroundTask(self._hand_on, result.taken))

    async def _hand_on(self, taken: IntakeResult) -> None:
        reach("after_ack")
        self._intake.hand_on(taken)

    async def _tell(self, callback: Callback) -> CallbackResult:
        try:
            return await self._intake.take_callback(callback)
        except DATABASE_AWAY as error:
            logger().warning("database_away", error=type(error).__name__)
            raise HTTPException(503, "nothing could be stored, come again", headers=_AGAIN) from error

    def _limit_rate(self, sender: str, rate: Rate) -> None:
        if wait := self._rate_limit.wait(sender, rate):
            raise HTTPException(429, "too many requests", headers={"retry-after": str(wait)})


def _callback(key: str, event: str, raw: bytes) -> Callback:
    """Return the callback in *raw*, with null for an empty body; HTTPException 400 for one that cannot be kept."""
    try:
        return Callback(key=key, event=event, data=body.json_in(raw))
    except ValidationError as error:
        raise HTTPException(400, "expected JSON") from error
