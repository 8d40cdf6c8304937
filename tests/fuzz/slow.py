"""Connections that take their time, or never end: each is a coroutine that keeps one open until it is cancelled."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from tests.fuzz.doors import SITE, Doors, bearer
from tests.fuzz.wire import close

_HEAD: Final = b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n"
_PAGE: Final = f"GET /webchat/{SITE} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode()
STEP: Final = 0.2
"""Seconds from one piece to the next."""


class Line:
    """One connection to the gateway, with the smallest of buffers."""

    def __init__(self, port: int, doors: Doors) -> None:
        self.port = port
        self.doors = doors
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def open(self) -> None:
        """Connect."""
        own = socket.socket()
        own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        own.setblocking(False)
        await asyncio.get_running_loop().sock_connect(own, ("127.0.0.1", self.port))
        self._reader, self._writer = await asyncio.open_connection(sock=own, limit=1_024)

    def send(self, content: bytes) -> None:
        """Send, unless the gateway has hung up."""
        if not self._writer.is_closing():
            self._writer.write(content)

    async def drip(self, content: bytes) -> None:
        """Send a byte at a time, again and again."""
        while True:
            for byte in content:
                self.send(bytes([byte]))
                await asyncio.sleep(STEP)

    def half_close(self) -> None:
        """Say that nothing more comes."""
        with suppress(OSError):
            self._writer.write_eof()

    async def reset(self) -> None:
        """Hang up without a goodbye."""
        own = self._writer.get_extra_info("socket")
        with suppress(OSError):
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await close(self._writer)

    async def read(self, size: int) -> bytes:
        """Read a little."""
        with suppress(OSError):
            return await self._reader.read(size)
        return b""

    def pause(self) -> None:
        """Read nothing from now on."""
        reading: Any = self._writer.transport
        with suppress(RuntimeError):
            reading.pause_reading()

    async def close(self) -> None:
        """Hang up."""
        await close(self._writer)


async def _says_nothing(_line: Line) -> None:
    await asyncio.sleep(3_600)


async def _head_byte_by_byte(line: Line) -> None:
    line.send(b"GET ")
    await line.drip(b"/aaaaaaaa")


async def _head_without_end(line: Line) -> None:
    line.send(_HEAD)
    await line.drip(b"x: y\r\n")


async def _body_byte_by_byte(line: Line) -> None:
    line.send(f"POST /webchat/{SITE}/sessions HTTP/1.1\r\nhost: a\r\ncontent-length: 9000\r\n\r\n".encode())
    await line.drip(b" ")


async def _pieces_of_a_byte(line: Line) -> None:
    line.send(f"POST /webchat/{SITE}/sessions HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n".encode())
    await line.drip(b"1\r\n \r\n")


async def _upload_byte_by_byte(line: Line) -> None:
    token = bearer(line.doors.visitor().token)["authorization"]
    head = f"POST /webchat/{SITE}/files?name=a.png HTTP/1.1\r\nhost: a\r\nauthorization: {token}\r\n"
    line.send(f"{head}content-length: 9000000\r\n\r\n".encode() + b"\x89PNG\r\n\x1a\n")
    await line.drip(b"\0")


async def _half_closed_in_the_body(line: Line) -> None:
    line.send(f"POST /webchat/{SITE}/sessions HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{{}}".encode())
    line.half_close()
    await asyncio.sleep(3_600)


async def _half_closed_and_reading(line: Line) -> None:
    line.send(_PAGE)
    line.half_close()
    for _ in range(1_000):
        await line.read(100)
        await asyncio.sleep(STEP)


async def _never_reads_the_answers(line: Line) -> None:
    line.pause()
    while True:
        line.send(_PAGE * 4)
        await asyncio.sleep(STEP)


async def _never_reads_the_events(line: Line) -> None:
    token = bearer(line.doors.visitor().token)["authorization"]
    line.pause()
    line.send(f"GET /webchat/{SITE}/events HTTP/1.1\r\nhost: a\r\nauthorization: {token}\r\n\r\n".encode())
    await asyncio.sleep(3_600)


async def _events_again_and_again(line: Line) -> None:
    token = bearer(line.doors.visitor().token)["authorization"]
    while True:
        line.send(f"GET /webchat/{SITE}/events HTTP/1.1\r\nhost: a\r\nauthorization: {token}\r\n\r\n".encode())
        await line.read(300)
        await line.reset()
        await asyncio.sleep(STEP)
        await line.open()


async def _reset_in_the_body(line: Line) -> None:
    while True:
        line.send(f"POST /webchat/{SITE}/sessions HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{{}}".encode())
        await asyncio.sleep(STEP)
        await line.reset()
        await line.open()


async def _one_question_and_silence(line: Line) -> None:
    line.send(_HEAD + b"\r\n")
    await line.read(300)
    await asyncio.sleep(3_600)


async def _a_thousand_questions_at_once(line: Line) -> None:
    line.send((_HEAD + b"\r\n") * 1_000)
    while True:
        await line.read(200)
        await asyncio.sleep(STEP)


KINDS: Final[Mapping[str, Callable[[Line], Awaitable[None]]]] = {
    "says nothing": _says_nothing,
    "a head, byte by byte": _head_byte_by_byte,
    "a head without end": _head_without_end,
    "a body, byte by byte": _body_byte_by_byte,
    "a body in pieces of a byte": _pieces_of_a_byte,
    "an upload, byte by byte": _upload_byte_by_byte,
    "half-closed in the body": _half_closed_in_the_body,
    "half-closed, and reads slowly": _half_closed_and_reading,
    "never reads the answers": _never_reads_the_answers,
    "never reads the events": _never_reads_the_events,
    "follows the events again and again": _events_again_and_again,
    "hangs up in the body": _reset_in_the_body,
    "one question, and silence": _one_question_and_silence,
    "a thousand questions at once": _a_thousand_questions_at_once,
}
"""What there is, and a coroutine for each."""


async def hold(kind: str, port: int, doors: Doors, seconds: float) -> None:
    """Keep a connection of *kind* for some seconds; OSError when the gateway takes none."""
    line = Line(port, doors)
    await line.open()
    try:
        async with asyncio.timeout(seconds):
            await KINDS[kind](line)
    except (TimeoutError, OSError):
        pass  # it has lasted as long as it should, or the gateway has hung up
    finally:
        await line.close()
