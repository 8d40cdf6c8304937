"""Reading a request's body without letting it fill the memory or hold the line."""

import asyncio
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

_PATIENCE: Final = 30.0
_CLOSE: Final = {"connection": "close"}


async def read(request: Request, limit: int) -> bytes:
    """Return the raw body; HTTPException 413 beyond *limit* bytes, and no more is read, 408 when it dawdles."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
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
