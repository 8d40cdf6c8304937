"""Uploads of web chat visitors: written into the file store piece by piece, named by their real type."""

import asyncio
import math
from collections.abc import Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from channels.base import Channel, Rate
from channels.webchat import Webchat, bearer
from domain.errors import ContactError, InvalidWebhookError
from domain.limits import LIMITS
from domain.message import FileRef
from domain.storable import storable
from gateway.webchat.quotas import UploadQuotas
from gateway.webchat.sessions import ENDED, Sessions
from journal.files import FileStore, Incoming
from runtime.disk import Disk
from runtime.filetypes import HEAD, FileType, known, named
from runtime.logging import logger
from web import body
from web.answers import JSONResponse
from web.rate_limit import RateLimit

UPLOADS: Final = Rate(count=10, seconds=60)
"""Files that one session may upload."""
_PATIENCE: Final = 120.0
_CLOSE: Final = {"connection": "close"}


class Uploads:
    """`/webchat/{account}/files?name=`: the body is the file, the answer its description for a message."""

    def __init__(
        self, channels: Mapping[str, Channel], files: FileStore, sessions: Sessions, quotas: UploadQuotas, disk: Disk
    ) -> None:
        self._channels = channels
        self._files = files
        self._sessions = sessions
        self._quotas = quotas
        self._disk = disk
        self._rate_limit = RateLimit()

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/webchat/{account}/files", self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """Answer with the file's seal, name, type and size; 413 beyond the limit, 415 for a refused type."""
        channel = self._channels.get(account := request.path_params["account"])
        if not isinstance(channel, Webchat):
            raise HTTPException(404, f"no web chat {account!r}")
        try:
            session = channel.read_token(bearer(request.headers))
        except InvalidWebhookError as error:
            raise HTTPException(401, str(error), headers=_CLOSE) from error
        if await self._sessions.is_ended(account, session.id):
            raise HTTPException(401, ENDED, headers=_CLOSE)
        if wait := self._rate_limit.wait((account, session.id), UPLOADS):
            raise HTTPException(429, "too many files", headers={"retry-after": str(wait), **_CLOSE})
        announced = body.announced(request)
        if LIMITS.upload < announced < math.inf:
            raise HTTPException(413, "the file is too large", headers=_CLOSE)
        if self._disk.is_short_of(LIMITS.free_for_uploads):
            raise HTTPException(503, "the disk is nearly full, come again", headers={"retry-after": "60", **_CLOSE})
        number = await self._quotas.begin(channel, session.id, request, int(min(announced, LIMITS.upload)))
        try:
            file = await self._keep(request, number)
        except ContactError as error:
            raise HTTPException(413, str(error), headers=_CLOSE) from error
        except OSError as error:
            logger().error("files_not_writable", account=account, error=error.strerror)
            raise HTTPException(503, "nothing could be stored, come again", headers=_CLOSE) from error
        answer = {"file": channel.seal_upload(session.id, file), "name": file.name, "mime": file.mime}
        return JSONResponse(answer | {"size": file.size}, headers={"cache-control": "no-store"})

    async def _keep(self, request: Request, number: int) -> FileRef:
        file_id, size = "", 0
        try:
            with await asyncio.to_thread(self._files.begin, LIMITS.upload) as incoming:
                try:
                    file = await _take(request, incoming)
                finally:
                    size = incoming.size
                file_id = file.id if incoming.is_new else ""
        finally:
            await self._quotas.end(number, file_id, size)
        return file


async def _take(request: Request, incoming: Incoming) -> FileRef:
    head = b""
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in request.stream():
                head = (head + chunk)[:HEAD] if len(head) < HEAD else head
                if len(head) == HEAD:
                    _kind(head)
                await asyncio.to_thread(incoming.write, chunk)
    except TimeoutError:
        raise HTTPException(408, headers=_CLOSE) from None
    except ClientDisconnect:
        raise HTTPException(400, headers=_CLOSE) from None
    kind = _kind(head)
    name = named(storable(request.query_params.get("name", "")), kind)
    return await asyncio.to_thread(incoming.keep, name, kind.mime)


def _kind(head: bytes) -> FileType:
    """Return the type of a file that begins with *head*; 415 for a refused type."""
    if kind := known(head):
        return kind
    raise HTTPException(415, "expected a photo (JPEG, PNG, WebP, GIF) or a PDF", headers=_CLOSE)
