"""`/metrics` for Prometheus: this process's counters, and the numbers of rows in the store."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Final

from prometheus_client import Gauge
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from journal import backlog, conversations
from journal.backlog import UNREAD, UNSETTLED
from journal.database import Database
from journal.errors import DatabaseError
from journal.transaction import Transaction
from runtime.metrics import CONTENT_TYPE, REGISTRY, page
from runtime.shielded import shielded
from web import access
from web.guesses import Door

_FRESH: Final = 5.0
"""Seconds for which figures of the store are cached."""
_PATIENCE: Final = 2.0

STORE: Final = Gauge("prosa_store_up", "Whether the database answered.", registry=REGISTRY)
INBOX: Final = Gauge(
    "prosa_inbox_messages", "Messages not read by a conversation yet, or never to be.", ["state"], registry=REGISTRY
)
OLDEST: Final = Gauge(
    "prosa_inbox_oldest_seconds", "Age of the oldest message that no conversation has read.", registry=REGISTRY
)
OUTBOX: Final = Gauge(
    "prosa_outbox_messages", "Messages not taken by the provider yet, or in doubt.", ["state"], registry=REGISTRY
)
OPEN: Final = Gauge("prosa_conversations_open", "Conversations that have not ended.", registry=REGISTRY)


class Metrics:
    """Answers requests with the token, or, where none is set, requests from this machine by its own name.

    A gateway that is *public* stands behind a proxy, which may make every stranger look like this machine: without a
    token it answers nobody.
    """

    def __init__(self, database: Database, token: str = "", *, public: bool = False) -> None:
        self._database = database
        self._token = token
        self._public = public
        self._door = Door("metrics.token", database)
        self._asked_at = -_FRESH
        self._asking = asyncio.Lock()

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/metrics", self.show)]

    async def show(self, request: Request) -> Response:
        """Answer in Prometheus's text format; 403 for strangers, 429 for who guesses."""
        opened = bool(self._token or not self._public) and access.opens(request, self._token)
        if not await self._door.tried(request, opened=opened):
            raise HTTPException(403, "metrics.token is not there, or not ours")
        async with self._asking:
            if time.monotonic() - self._asked_at >= _FRESH:
                await self._ask()
                self._asked_at = time.monotonic()
        return Response(page(), media_type=CONTENT_TYPE)

    @shielded
    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE), self._database.read() as c:
                await _count(c)
        except (DatabaseError, OSError):  # a TimeoutError is an OSError
            STORE.set(0)
        else:
            STORE.set(1)


async def _count(c: Transaction) -> None:
    messages = await backlog.unread(c)
    for state in UNREAD:
        INBOX.labels(state).set(messages[state].size if state in messages else 0)
    unread = [one.oldest for state, one in messages.items() if state != "dead"]
    OLDEST.set((datetime.now(UTC) - min(unread)).total_seconds() if unread else 0)
    parts = await backlog.unsettled(c)
    for state in UNSETTLED:
        OUTBOX.labels(state).set(parts[state].size if state in parts else 0)
    OPEN.set(await conversations.count_open(c))
