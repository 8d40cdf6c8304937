"""Reading a request's body, and JSON in it, without letting it fill the memory or hold the line."""

import asyncio
import math
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from runtime import outside_json

_PATIENCE: Final = 30.0
_CLOSE: Final = {"connection": "close"}


def announced(request: Request) -> float:
    """Return how many bytes the body has, as its head says; infinity when it does not say so."""
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not length.isdecimal():
        return math.inf
    return int(length[:20])


async def read(request: Request, limit: int) -> bytes:
    """Return the raw body; HTTPException 413 beyond *limit* bytes, and no more is read, 408 when it dawdles."""
    if limit < announced(request) < math.inf:
        raise HTTPException(413, headers=_CLOSE)
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise HTTPException(413, headers=_CLOSE)
    except TimeoutError:
        raise HTTPException(408, headers=_CLOSE) from None
    except ClientDisconnect:
        raise HTTPException(400, headers=_CLOSE) from None
    return bytes(body)


def json_in(raw: bytes) -> Any:
    """Return the JSON in *raw*, null for an empty body; HTTPException 400 when it is no JSON, or cannot be kept."""
    try:
        return outside_json.read(raw) if raw.strip() else None
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
