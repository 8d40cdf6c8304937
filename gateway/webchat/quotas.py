"""How much visitors of web chats may upload, and the removal of what no message has said."""

import asyncio
from datetime import UTC, datetime
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from channels.webchat import Webchat
from domain import keys
from gateway.spool import DATABASE_AWAY, Spool
from journal import uploads
from journal.database import Database
from journal.files import FileStore
from journal.uploads import UNSAID, Quota, Quotas, Uploader
from runtime.logging import logger
from runtime.shielded import shielded
from web.rate_limit import place_of

SESSION: Final = Quota(files=50, bytes=200 * 1024**2)
"""Files that one session may upload in a day, and their bytes."""
PLACE: Final = Quota(files=300, bytes=1024**3)
"""Files of one network address, likewise: that of an office may have many visitors."""
_EVERY: Final = 3600.0
"""Seconds between two removals."""
_USED_UP: Final = {"retry-after": "3600", "connection": "close"}
_AWAY: Final = {"retry-after": "5", "connection": "close"}


class UploadQuotas:
    """Counts uploads in the database, whichever gateway takes them."""

    def __init__(self, database: Database, files: FileStore, spool: Spool, key: bytes) -> None:
        self._database = database
        self._files = files
        self._spool = spool
        self._key = key

    async def begin(self, channel: Webchat, session: str, request: Request, size: int) -> int:
        """Count an upload of *size* bytes at most, and return its number; HTTPException 429 beyond a quota."""
        place = place_of(request)
        hashed = keys.address_key(self._key, place) if place else ""
        quotas = Quotas(session=SESSION, place=PLACE, account_bytes=channel.upload_bytes)
        try:
            number = await self._begin(Uploader(account=channel.account, session=session, place=hashed), size, quotas)
        except DATABASE_AWAY as error:
            logger().warning("database_away", account=channel.account, error=type(error).__name__)
            raise HTTPException(503, "nothing could be stored, come again", headers=_AWAY) from error
        if number is None:
            logger().warning("uploads_used_up", account=channel.account, source=place)
            raise HTTPException(429, "too many files in one day", headers=_USED_UP)
        return number

    async def end(self, number: int, file_id: str, size: int) -> None:
        """Note what came of the upload: the file, where it is new to the store, and its size."""
        try:
            await self._end(number, file_id, size)
        except DATABASE_AWAY as error:
            logger().warning("upload_not_noted", error=type(error).__name__)

    async def run(self) -> None:
        """Remove the files that no message has said in time, every hour until cancelled."""
        while True:
            if not len(self._spool):  # a message that waits there may say one
                try:
                    await self.clear()
                except DATABASE_AWAY as error:
                    logger().info("uploads_not_cleared", error=type(error).__name__)
            await asyncio.sleep(_EVERY)

    async def clear(self) -> int:
        """Remove the files that no message has said in time, and return how many."""
        before = datetime.now(UTC) - UNSAID
        unsaid = await self._forget(before)
        removed = await asyncio.to_thread(uploads.discard, self._files, unsaid)
        await asyncio.to_thread(self._files.clear_drafts, before)
        if removed:
            logger().info("unsaid_files_removed", files=removed)
        return removed

    @shielded
    async def _begin(self, by: Uploader, size: int, quotas: Quotas) -> int | None:
        async with self._database.write() as c:
            return await uploads.begin(c, by, size, quotas, datetime.now(UTC))

    @shielded
    async def _end(self, number: int, file_id: str, size: int) -> None:
        async with self._database.write() as c:
            await uploads.end(c, number, file_id, size, datetime.now(UTC))

    @shielded
    async def _forget(self, before: datetime) -> dict[str, datetime]:
        async with self._database.write() as c:
            return await uploads.forget(c, before)
