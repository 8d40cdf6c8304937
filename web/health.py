"""Whether this process lives, and whether it can do its work."""

import asyncio
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from temporalio.client import Client
from temporalio.service import RPCError

from journal.database import Database
from journal.errors import DatabaseError, DatabaseVersionError
from runtime.shielded import shielded
from web.answers import JSONResponse

_PATIENCE: Final = timedelta(seconds=2)


class Health:
    """`/health` for supervisors that restart the process, `/ready` for proxies that send it requests."""

    def __init__(self, database: Database, client: Client) -> None:
        self._database = database
        self._client = client

    def routes(self) -> list[Route]:
        """Return both routes."""
        return [Route("/health", self.live), Route("/ready", self.ready)]

    async def live(self, _request: Request) -> Response:
        """Answer 200 while the process lives, even if database or Temporal are away."""
        return JSONResponse({"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        """Answer 200 when database and Temporal can be reached, else 503, and which of them can."""
        database, temporal = await asyncio.gather(self._database_answers(), self._temporal_answers())
        status = 200 if database and temporal else 503
        return JSONResponse({"database": database, "temporal": temporal}, status)

    @shielded
    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                await self._database.check_version()
        except (DatabaseError, DatabaseVersionError, OSError):  # a TimeoutError is an OSError
            return False
        return True

    async def _temporal_answers(self) -> bool:
        try:
            return await self._client.service_client.check_health(timeout=_PATIENCE)
        except (RPCError, RuntimeError):  # RuntimeError: what the SDK raises when it cannot connect at all
            return False
