"""Doors that want a token: who brings wrong ones is slowed, logged, and told of by the doctor."""

import contextlib
from datetime import UTC, datetime
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from channels.base import Rate
from journal import guesses
from journal.database import Database
from journal.errors import DatabaseError
from runtime.logging import logger
from runtime.shielded import shielded
from web.rate_limit import RateLimit, source_of

WRONG: Final = Rate(count=10, seconds=60)
"""Wrong tokens that one source may bring to a door; afterwards right ones are not looked at either."""


class Door:
    """The door that the key *name* of the settings opens: `flows.token`."""

    def __init__(self, name: str, database: Database) -> None:
        self._name = name
        self._database = database
        self._rate_limit = RateLimit()

    async def tried(self, request: Request, *, opened: bool) -> bool:
        """Return *opened*, whether *request* brings a right token, and note a wrong one; one without is no guess.

        HTTPException 429 for a source that has brought too many.
        """
        source = source_of(request)
        if wait := self._rate_limit.left(source, WRONG):
            raise HTTPException(429, "too many wrong tokens", headers={"retry-after": str(wait)})
        if not opened and request.headers.get("authorization"):
            self._rate_limit.wait(source, WRONG)
            logger().warning("wrong_token", door=self._name, source=source)
            with contextlib.suppress(DatabaseError, OSError):
                await self._note(source)
        return opened

    @shielded
    async def _note(self, source: str) -> None:
        async with self._database.write() as c:
            await guesses.note(c, self._name, source, datetime.now(UTC))
