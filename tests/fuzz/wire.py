"""HTTP by hand: sends bytes as they are, right or wrong, and reads one answer."""

import asyncio
import time
from contextlib import suppress
from typing import Final, NamedTuple

_LIMIT: Final = 4 * 1024 * 1024
_CLOSED: Final = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)


class Answer(NamedTuple):
    """The answer to one request."""

    status: int
    """0: the connection was closed without an answer; -1: there was none in time."""
    body: bytes = b""
    seconds: float = 0.0
    """From the connection to the end of the answer."""


class Raw(NamedTuple):
    """A request, ready for the wire."""

    method: str
    content: bytes


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Raw:
    """Return a request that is right as HTTP goes."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body or method == "POST":
        lines.append(f"content-length: {len(body)}")
    head = "\r\n".join([*lines, "connection: close", "", ""])
    return Raw(method, head.encode() + body)


async def exchange(port: int, raw: Raw, patience: float) -> Answer:
    """Send *raw* on a connection of its own, and return the answer."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_LIMIT)
    try:
        async with asyncio.timeout(patience):
            writer.write(raw.content)
            status, body = await read(reader, raw.method)
    except TimeoutError:
        status, body = -1, b""
    finally:
        await close(writer)
    return Answer(status, body, time.monotonic() - began)


async def read(reader: asyncio.StreamReader, method: str) -> tuple[int, bytes]:
    """Return status and body of the next answer, 0 for none; of a stream of events nothing but the status."""
    try:
        status, headers = await _head(reader)
    except (*_CLOSED, ValueError, IndexError):
        return 0, b""
    if method == "HEAD" or status in {204, 304} or "text/event-stream" in headers.get("content-type", ""):
        return status, b""
    with suppress(*_CLOSED, ValueError):
        return status, await _body(reader, headers)
    return status, b""


async def close(writer: asyncio.StreamWriter) -> None:
    """Close a connection, whatever its state."""
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    while True:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(first.split()[1])
        if status >= 200:
            pairs = (line.partition(":") for line in lines)
            return status, {name.lower(): value.strip() for name, _, value in pairs}


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    if headers.get("transfer-encoding") != "chunked":
        return await reader.read(-1)
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return body
