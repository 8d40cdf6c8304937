"""The mail server of the demo: it takes every e-mail on this machine, and shows it instead of sending it on."""

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final

from prosa.up.ports import LOOPBACK

LONGEST: Final = 256 * 1024
"""Bytes of one e-mail."""
_ANSWERS: Final = {
    b"HELO": "250 demo",
    b"EHLO": "250 demo",
    b"MAIL": "250 OK",
    b"RCPT": "250 OK",
    b"RSET": "250 OK",
    b"NOOP": "250 OK",
    b"QUIT": "221 bye",
}
"""RFC 5321, 4.2.2; anything else is 502."""

Show = Callable[[EmailMessage], None]


@contextlib.asynccontextmanager
async def postbox(show: Show) -> AsyncGenerator[int]:
    """Take e-mails while inside, on the port that this yields, and *show* each."""

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError):
            await _talk(reader, writer, show)
        writer.close()

    server = await asyncio.start_server(serve, LOOPBACK, 0, limit=LONGEST)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def environment(port: int) -> dict[str, str]:
    """Return the variables by which processes send their e-mails to *port*."""
    settings = {"HOST": LOOPBACK, "PORT": str(port), "SECURITY": "none", "SENDER": "demo@prosa.example"}
    return {f"PROSA_MAIL__{key}": value for key, value in settings.items()}


async def _talk(reader: StreamReader, writer: StreamWriter, show: Show) -> None:
    await _say(writer, "220 demo")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            await _say(writer, "354 go on")
            show(await _message(reader))
            await _say(writer, "250 taken")
            continue
        await _say(writer, _ANSWERS.get(verb, "502 unknown"))
        if verb == b"QUIT":
            return


async def _message(reader: StreamReader) -> EmailMessage:
    content = bytearray()
    while (line := await reader.readline()) != b".\r\n":
        content += line.removeprefix(b".")
        if not line or len(content) > LONGEST:
            raise ValueError("the e-mail is cut, or too long")
    return message_from_bytes(bytes(content), policy=policy.default)


async def _say(writer: StreamWriter, line: str) -> None:
    writer.write(f"{line}\r\n".encode())
    await writer.drain()
