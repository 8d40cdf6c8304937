"""Sessions of the web chat in the store: the links that continue them, and those that have been ended."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

from starlette.exceptions import HTTPException

from channels.webchat import Session
from gateway.spool import DATABASE_AWAY
from journal import sessions
from journal.database import Database
from journal.sessions import LinkState, SessionLink
from runtime.logging import logger
from runtime.shielded import shielded

ENDED: Final = "the session has been ended"
VISITOR: Final = "visitor"
"""Who has ended a session by its own page."""
_RANDOM: Final = 16
"""Bytes of a link's code."""


class Sessions:
    """What a signed token cannot know of its session."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def admit(self, account: str, session: str) -> None:
        """Raise HTTPException 401 when *session* has been ended."""
        if await self.is_ended(account, session):
            raise HTTPException(401, ENDED)

    async def is_ended(self, account: str, session: str) -> bool:
        """Return whether *session* has been ended; while the database is away nobody knows, and tokens count."""
        try:
            return await self._ask(account, session)
        except DATABASE_AWAY as error:
            logger().warning("session_not_looked_up", account=account, error=type(error).__name__)
            return False

    @shielded
    async def end(self, account: str, session: str) -> None:
        """End *session* for its visitor."""
        async with self._database.write() as c:
            await sessions.end(c, account, session, VISITOR, datetime.now(UTC))

    @shielded
    async def make_link(self, account: str, session: Session, lasts: timedelta) -> tuple[str, datetime]:
        """Return the code of a new link to *session*, and until when it is good."""
        code, until = secrets.token_urlsafe(_RANDOM), datetime.now(UTC) + lasts
        link = SessionLink(account=account, session=session.id, name=session.name, begun=session.begun, until=until)
        async with self._database.write() as c:
            await sessions.keep_link(c, code, link)
        return code, until

    @shielded
    async def look_at_link(self, account: str, code: str) -> tuple[LinkState, SessionLink | None]:
        """Return how the link stands, without using it up."""
        async with self._database.read() as c:
            return await sessions.find_link(c, account, code, datetime.now(UTC))

    @shielded
    async def use_link(self, account: str, code: str) -> tuple[LinkState, SessionLink | None]:
        """Use the link up."""
        async with self._database.write() as c:
            return await sessions.use_link(c, account, code, datetime.now(UTC))

    @shielded
    async def _ask(self, account: str, session: str) -> bool:
        async with self._database.read() as c:
            return await sessions.is_ended(c, account, session)
