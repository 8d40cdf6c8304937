"""`/metrics`: what this process has counted, and how full the store is, for Prometheus."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Final

from prometheus_client import Gauge
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway import door
from journal.database import Database
from journal.tables import conversation, inbox, outbox
from runtime.metrics import CONTENT_TYPE, REGISTRY, page
from runtime.shielded import whole

_FRESH: Final = 5.0
"""Seconds for which what the store says is believed."""
_PATIENCE: Final = 2.0
_WAITING: Final = ("received", "forwarded", "dead")
_UNSETTLED: Final = ("queued", "sending", "unknown")

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
    """Answers who brings the token, or, where there is none, who asks from this machine itself."""

    def __init__(self, database: Database, token: str = "") -> None:
        self._database = database
        self._token = token
        self._asked_at = -_FRESH
        self._asking = asyncio.Lock()

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/metrics", self.show)]

    async def show(self, request: Request) -> Response:
        """Answer in Prometheus's text format; 403 for strangers."""
        if not door.opens(request, self._token):
            raise HTTPException(403, "metrics.token is not there, or not ours")
        async with self._asking:
            if time.monotonic() - self._asked_at >= _FRESH:
                await self._ask()
                self._asked_at = time.monotonic()
        return Response(page(), media_type=CONTENT_TYPE)

    @whole
    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE), self._database.read() as c:
                await _count(c)
        except (SQLAlchemyError, OSError):  # a TimeoutError is an OSError
            STORE.set(0)
        else:
            STORE.set(1)


async def _count(c: AsyncConnection) -> None:
    counted = select(inbox.c.state, func.count(), func.min(inbox.c.received_at))
    rows = {row[0]: row for row in await c.execute(counted.where(inbox.c.state.in_(_WAITING)).group_by(inbox.c.state))}
    for state in _WAITING:
        INBOX.labels(state).set(rows[state][1] if state in rows else 0)
    unread = [row[2] for state, row in rows.items() if state != "dead"]
    OLDEST.set((datetime.now(UTC) - min(unread)).total_seconds() if unread else 0)
    unsettled = select(outbox.c.state, func.count()).where(outbox.c.state.in_(_UNSETTLED)).group_by(outbox.c.state)
    parts = {row[0]: row[1] for row in await c.execute(unsettled)}
    for state in _UNSETTLED:
        OUTBOX.labels(state).set(parts.get(state, 0))
    OPEN.set(await c.scalar(select(func.count()).where(conversation.c.stage != "ended")) or 0)
