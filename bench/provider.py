"""The fake provider: takes the http channel's POSTs inside the driver's own process, so that one clock times both ends.

A server of a few lines instead of a framework: it shares two cores with what is measured.
"""

import asyncio
import json
from collections import Counter, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

_END_OF_HEAD: Final = b"\r\n\r\n"


class Provider:
    """Wakes whoever waits for a message to an address; counts what came more than once."""

    def __init__(self) -> None:
        self.url = ""
        self._waiting: dict[str, deque[asyncio.Future[float]]] = {}
        self._keys: Counter[str] = Counter()

    @property
    def repeats(self) -> int:
        """How many messages came again under a key that had been seen."""
        return self._keys.total() - len(self._keys)

    def expect(self, address: str) -> asyncio.Future[float]:
        """Return when, on the loop's clock, the next message to *address* that nobody expects yet is received."""
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(address, deque()).append(future)
        return future

    def take(self, body: bytes) -> bytes:
        """Take one message, and answer it."""
        received_at = asyncio.get_running_loop().time()
        message = json.loads(body)
        self._keys[message["id"]] += 1
        waiting = self._waiting.get(message["to"])
        if waiting and self._keys[message["id"]] == 1:
            waiting.popleft().set_result(received_at)
        return json.dumps({"id": f"at-{message['id']}"}).encode()


@asynccontextmanager
async def serve() -> AsyncGenerator[Provider]:
    """Serve a provider on a free port while inside."""
    provider = Provider()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(provider), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    provider.url = f"http://{host}:{port}/messages"
    try:
        yield provider
    finally:
        server.close()


class _Connection(asyncio.Protocol):
    """HTTP/1.1, kept alive, bodies with a content-length: all that httpx needs here."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (request := self._request()) is not None and self._transport is not None:
            answer = self._provider.take(request)
            head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(answer)}\r\n\r\n"
            self._transport.write(head.encode() + answer)

    def _request(self) -> bytes | None:
        head, end, rest = self._buffer.partition(_END_OF_HEAD)
        if not end:
            return None
        length = _content_length(head)
        if len(rest) < length:
            return None
        self._buffer = rest[length:]
        return rest[:length]


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0
