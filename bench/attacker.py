"""`python -m bench.attacker MEANS URL TOKEN ...`: one address attacks a gateway, from one core, until it is ended.

A line of JSON says that it has begun. At most 200 requests or connections a second are made.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from itertools import cycle
from typing import Final
from urllib.parse import urlsplit

RATE: Final = 200
"""Requests a second."""
ADDRESS: Final = "203.0.113.66"
SITE: Final = "site"
_AT_ONCE: Final = 150
"""Requests that are waited for."""
_HELD: Final = 400
"""Connections that are kept open."""
_PATIENCE: Final = 10.0
_MIB: Final = 1024 * 1024
_PNG: Final = b"\x89PNG\r\n\x1a\n"


class Attacker:
    """Sends bytes from one address; *tokens* are those of its sessions of the web chat."""

    def __init__(self, url: str, tokens: Sequence[str]) -> None:
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), int(parts.port or 80)
        self._tokens = cycle(tokens)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._held = asyncio.Semaphore(_HELD)
        self._running: set[asyncio.Task[None]] = set()

    async def end(self) -> None:
        """Hang up everywhere."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def bodies(self) -> None:
        """Send a body of 1 MiB that nobody has signed, or one that is deep, to a door that takes 1 MiB."""
        deep = b"[" * (_MIB - 10)
        for path, body in (("/webhooks/http/bench", b"x" * _MIB), (f"/webhooks/webchat/{SITE}", deep)):
            await self._ask(self._head("POST", path, f"content-length: {len(body)}") + body)

    async def heads(self) -> None:
        """Send heads of 60 KB, some of which are none."""
        many = "".join(f"x-{number}: {'a' * 50}\r\n" for number in range(900))
        await self._ask(self._head("GET", "/health", many.rstrip()))
        await self._ask(self._head("GET", f"/webchat/{SITE}?" + "a=%00&" * 9_000))
        await self._ask(b"\0" * 60_000)

    async def slow(self) -> None:
        """Open connections on which a head or a body comes a byte a second."""
        for start in (
            b"GET /health HTTP/1.1\r\nhost: a\r\nx: ",
            self._head("POST", f"/webhooks/webchat/{SITE}", "content-length: 9999"),
        ):
            await self._hold(start, b"a")

    async def uploads(self) -> None:
        """Upload pictures of 2 MiB."""
        content = _PNG + bytes(2 * _MIB)
        head = self._head("POST", f"/webchat/{SITE}/files?name=a.png", f"content-length: {len(content)}")
        await self._ask(head + content)

    async def streams(self) -> None:
        """Follow events on as many connections as there may be, and read nothing."""
        await self._hold(self._head("GET", f"/webchat/{SITE}/events"), b"")

    def _head(self, method: str, path: str, *more: str) -> bytes:
        authorization = f"authorization: Bearer {next(self._tokens)}"
        lines = (
            f"{method} {path} HTTP/1.1",
            f"host: {self._host}",
            f"x-forwarded-for: {ADDRESS}",
            authorization,
            *more,
        )
        return "\r\n".join([*lines, "", ""]).encode()

    async def _ask(self, content: bytes) -> None:
        """Send a request, and wait for the beginning of its answer in the background."""
        await self._slots.acquire()
        self._background(self._exchange(content), self._slots)

    async def _exchange(self, content: bytes) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(content)
            async with asyncio.timeout(_PATIENCE):
                await reader.read(1_000)
        finally:
            writer.close()

    async def _hold(self, content: bytes, drip: bytes) -> None:
        """Open a connection, and keep it in the background."""
        await self._held.acquire()
        self._background(self._drip(content, drip), self._held)

    async def _drip(self, content: bytes, drip: bytes) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(content)
            while not reader.at_eof() and not writer.is_closing():
                await asyncio.sleep(1)
                writer.write(drip)
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.01):
                        await reader.read(100)
        finally:
            writer.close()

    def _background(self, work: Coroutine[None, None, None], slots: asyncio.Semaphore) -> None:
        task = asyncio.create_task(_quietly(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(lambda _: slots.release())


async def _quietly(work: Coroutine[None, None, None]) -> None:
    with suppress(OSError, TimeoutError):
        await work


MEANS: Final[Mapping[str, tuple[Callable[[Attacker], Awaitable[None]], int]]] = {
    "bodies": (Attacker.bodies, 2),
    "heads": (Attacker.heads, 3),
    "slow connections": (Attacker.slow, 2),
    "uploads": (Attacker.uploads, 1),
    "streams": (Attacker.streams, 1),
}
"""What makes the requests of each means, and how many at a time."""


async def attack(means: str, url: str, tokens: Sequence[str]) -> None:
    """Attack by *means*, at most RATE requests a second, until cancelled."""
    attacker = Attacker(url, tokens)
    send, requests = MEANS[means]
    loop = asyncio.get_running_loop()
    due = loop.time()
    print(json.dumps({"ready": True}), flush=True)
    try:
        while True:
            await send(attacker)
            due = max(due + requests / RATE, loop.time() - 0.1)
            await asyncio.sleep(max(0.0, due - loop.time()))
    finally:
        await attacker.end()


def main() -> None:
    """Attack as the command line says."""
    means, url, *tokens = sys.argv[1:]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with suppress(KeyboardInterrupt):
        asyncio.run(attack(means, url, tokens))


if __name__ == "__main__":
    main()
