"""The one route on which providers, and the pages of the web chat, post."""

import asyncio
import time
from collections.abc import Mapping
from typing import Final

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from channels.base import Channel, Rate, Webhook, WebhookRequest
from domain.errors import InvalidWebhookError, SettingsError
from domain.limits import LIMITS
from gateway.intake import Intake, IntakeResult
from gateway.signatures import Signatures
from gateway.webchat.sessions import Sessions
from runtime import metrics
from runtime.failpoints import reach
from runtime.logging import logger
from web import body
from web.answers import JSONResponse
from web.rate_limit import RateLimit, place_of

PLACE: Final = Rate(count=200, seconds=10)
"""Messages from the browsers of one address, which may be those of a whole office."""
LARGE: Final = Rate(count=10, seconds=60)
"""Large bodies that one address may send to an account in vain; of a browser, in all."""
_LARGE: Final = 64 * 1024
"""Bytes beyond which a body is large: it is read only where its address has a rate left."""
_SMALL: Final = 16 * 1024
"""Bytes that are read in well below a millisecond; more are read in a thread, so that others do not wait."""
_AGAIN: Final = {"retry-after": "5"}


class Webhooks:
    """`/webhooks/{channel}/{account}`: verifies, stores, answers, and only then forwards."""

    def __init__(self, channels: Mapping[str, Channel], intake: Intake, sessions: Sessions) -> None:
        self._channels = channels
        self._intake = intake
        self._sessions = sessions
        self._rate_limit = RateLimit()
        self._signatures = Signatures()

    def routes(self) -> list[Route]:
        """Return the route; providers verify the address by GET."""
        return [Route("/webhooks/{channel}/{account}", self.receive, methods=["POST", "GET"])]

    async def receive(self, request: Request) -> Response:
        """Answer 200 with the counts of received and repeated, once all is safe; 503 when it has to come again."""
        began = time.perf_counter()
        try:
            answer = await self._receive(request)
        except HTTPException as error:
            account = request.path_params["account"]
            metrics.REFUSED.labels(account if account in self._channels else "unknown", error.status_code).inc()
            raise
        metrics.ACKNOWLEDGEMENTS.labels(request.path_params["account"]).observe(time.perf_counter() - began)
        return answer

    async def _receive(self, request: Request) -> Response:
        kind, account = request.path_params["channel"], request.path_params["account"]
        channel = self._channels.get(account)
        if channel is None or channel.kind != kind:
            raise HTTPException(404, f"no account {account!r} on channel {kind!r}")
        self._limit_rate_of_one_place(request, channel)
        self._limit_large(request, channel)
        webhook = await self._parse(
            channel,
            WebhookRequest(
                method=request.method,
                headers={name.lower(): value for name, value in request.headers.items()},
                query=dict(request.query_params),
                body=await body.read(request, LIMITS.webhook_body),
            ),
            place_of(request),
        )
        self._refuse_anothers(channel, webhook)
        await self._refuse_ended(channel, webhook)
        self._limit_rate(channel, webhook)
        if webhook.unreadable:
            first, of = webhook.unreadable[0], len(webhook.unreadable)
            logger().warning("items_unreadable", account=account, channel=kind, items=of, reason=first)
        taken = IntakeResult()
        if webhook.messages or webhook.reports:
            origin = place_of(request) if channel.origins is not None else ""
            stored = await self._intake.take(account, kind, webhook.messages, webhook.reports, origin)
            if stored is None:
                raise HTTPException(503, "nothing could be stored, come again", headers=_AGAIN)
            taken = stored
            metrics.RECEIVED.labels(account).inc(taken.received)
            metrics.REPEATED.labels(account).inc(taken.repeated)
        after = BackgroundTask(self._hand_on, taken)
        if webhook.reply is not None:
            return PlainTextResponse(webhook.reply, background=after)
        return JSONResponse({"received": taken.received, "repeated": taken.repeated}, background=after)

    async def _hand_on(self, taken: IntakeResult) -> None:
        reach("after_ack")
        self._intake.hand_on(taken)

    def _refuse_anothers(self, channel: Channel, webhook: Webhook) -> None:
        if webhook.signature and self._signatures.is_anothers(webhook.signature, channel.account):
            reason = "the signature was made for another account"
            logger().warning("webhook_refused", account=channel.account, reason=reason, forged=True)
            raise HTTPException(401, reason)

    async def _refuse_ended(self, channel: Channel, webhook: Webhook) -> None:
        if channel.origins is not None:  # a channel for browsers: addresses are sessions
            for message in webhook.messages:
                await self._sessions.admit(channel.account, message.address)

    def _limit_rate_of_one_place(self, request: Request, channel: Channel) -> None:
        place = place_of(request)
        if channel.origins is None or not place:
            return
        if wait := self._rate_limit.wait((channel.account, place, "place"), PLACE):
            raise HTTPException(429, "too many messages", headers={"retry-after": str(wait)})

    def _limit_large(self, request: Request, channel: Channel) -> None:
        """Refuse a large body before it is read, where its address has sent too many: see LARGE."""
        place = place_of(request)
        if not place or body.announced(request) <= _LARGE:
            return
        count = self._rate_limit.left if channel.origins is None else self._rate_limit.wait
        if wait := count((channel.account, place, "large"), LARGE):
            raise HTTPException(429, "too many large bodies", headers={"retry-after": str(wait), "connection": "close"})

    def _limit_rate(self, channel: Channel, webhook: Webhook) -> None:
        if channel.rate is None:
            return
        for message in webhook.messages:
            wait = self._rate_limit.wait((channel.account, message.address), channel.rate)
            if wait:
                raise HTTPException(429, "too many messages", headers={"retry-after": str(wait)})

    async def _parse(self, channel: Channel, request: WebhookRequest, place: str) -> Webhook:
        try:
            small = len(request.body) <= _SMALL
            return channel.parse(request) if small else await asyncio.to_thread(channel.parse, request)
        except InvalidWebhookError as error:
            reason = str(error)
            logger().warning(
                "webhook_refused", account=channel.account, reason=reason, forged=error.forged, source=place
            )
            if place and error.forged and len(request.body) > _LARGE:
                self._rate_limit.wait((channel.account, place, "large"), LARGE)
            raise HTTPException(401 if error.forged else 400, reason) from error
        except SettingsError as error:
            logger().error("channel_not_set_up", account=channel.account, reason=str(error))
            raise HTTPException(503, "this account is not set up", headers=_AGAIN) from error
