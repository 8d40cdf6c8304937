import asyncio
import contextlib
import gzip
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest

from domain.limits import LIMITS
from runtime.http import client


async def test_the_client_follows_no_redirect_and_waits_no_longer_than_a_provider_call_may_take() -> None:
    async with client() as opened:
        assert not opened.follow_redirects
        assert opened.timeout.read == LIMITS.provider_call.total_seconds()
        assert opened.timeout.connect is not None
        assert opened.timeout.connect <= LIMITS.provider_call.total_seconds()
        assert opened.headers["user-agent"] == "prosa"


async def test_a_cookie_of_one_call_does_not_travel_in_another() -> None:
    heads: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nset-cookie: of=customer-a; Path=/\r\nconnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with client() as opened:
        await opened.get(f"http://127.0.0.1:{port}/a")
        await opened.get(f"http://127.0.0.1:{port}/b")
        await opened.get(f"http://127.0.0.1:{port}/c", headers={"host": "other.example"})
    server.close()
    assert len(heads) == 3
    assert not any(b"cookie" in head.lower() for head in heads)


@asynccontextmanager
async def answering(head: bytes, *pieces: bytes) -> AsyncGenerator[str]:
    """Serve one answer on a port; give its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\n" + head + b"\r\n")
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_an_answer_without_end_is_read_no_further_than_its_limit() -> None:
    async with answering(b"", *[b"x" * 2**20] * 64) as url, client() as opened:
        with pytest.raises(httpx.DecodingError, match=f"at most {LIMITS.answer} bytes"):
            await opened.get(url)
    async with answering(b"", *[b"x" * 2**20] * 30) as url, client() as opened:
        assert len((await opened.get(url)).content) == 30 * 2**20


async def test_a_compressed_answer_is_not_unpacked() -> None:
    async with answering(b"content-encoding: gzip\r\n", gzip.compress(bytes(2**20))) as url, client() as opened:
        with pytest.raises(httpx.DecodingError, match="compressed"):
            await opened.get(url)
