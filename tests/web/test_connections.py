"""Real sockets against a real server: nobody can hold a connection open without using it."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from web import connections
from web.connections import Bounds, Connections
from web.serving import GuestServer, config

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
HEAD = GET[:-2]


async def small(_request: Request) -> Response:
    return PlainTextResponse("hello")


async def endless(_request: Request) -> Response:
    async def pieces() -> AsyncGenerator[bytes]:
        while True:
            yield b"x" * 65_536
            await asyncio.sleep(0)

    return StreamingResponse(pieces())


async def waiting(_request: Request) -> Response:
    await asyncio.sleep(60)
    return PlainTextResponse("late")


@asynccontextmanager
async def served(bounds: Bounds) -> AsyncGenerator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    app = Starlette(
        routes=[Route("/", small, methods=["GET", "POST"]), Route("/endless", endless), Route("/waiting", waiting)]
    )
    server = GuestServer(config(app, lifespan=False, bounds=bounds))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    async with asyncio.timeout(30):
        while not server.started:  # noqa: ASYNC110 uvicorn has no event for it
            await asyncio.sleep(0.01)
    yield listener.getsockname()[1]
    server.should_exit = server.force_exit = True
    await serving


async def until_closed(reader: asyncio.StreamReader) -> bytes:
    """Read until the server closes; TimeoutError when it does not."""
    async with asyncio.timeout(20):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


async def get(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    answer = await until_closed(reader)
    writer.close()
    return answer


@pytest.mark.parametrize("sent", [b"", b"GET", HEAD], ids=["nothing", "a word", "no end"])
async def test_a_head_that_does_not_come_ends_the_connection(sent: bytes) -> None:
    async with served(Bounds(head=0.3)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        assert await until_closed(reader) == b""
        writer.close()


async def test_a_head_that_trickles_ends_the_connection() -> None:
    async with served(Bounds(head=0.5)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)

        async def trickle() -> None:
            writer.write(HEAD)
            while True:
                writer.write(b"X: y\r\n")
                await asyncio.sleep(0.05)

        trickling = asyncio.create_task(trickle())
        assert await until_closed(reader) == b""
        trickling.cancel()
        writer.close()


@pytest.mark.parametrize("first", [GET, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n"])
async def test_what_trickles_after_an_answer_ends_the_connection(first: bytes) -> None:
    async with served(Bounds(head=0.5)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(first)

        async def trickle() -> None:
            while True:
                writer.write(b"G")
                await asyncio.sleep(0.05)

        trickling = asyncio.create_task(trickle())
        assert (await until_closed(reader)).count(b"200 OK") == 1
        trickling.cancel()
        writer.close()


async def test_a_request_that_takes_longer_than_a_head_is_answered() -> None:
    async with served(Bounds(head=0.2)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET.replace(b"/ ", b"/waiting "))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 1)
        writer.close()


async def test_an_answer_that_nobody_reads_is_given_up() -> None:
    async with served(Bounds(unread=0.3)) as port:
        with socket.create_connection(("127.0.0.1", port)) as reader:
            reader.sendall(GET.replace(b"/ ", b"/endless "))
            await asyncio.sleep(3)
            reader.settimeout(20)

            def read_all() -> int:
                size = 0
                try:
                    while piece := reader.recv(1 << 20):
                        size += len(piece)
                except ConnectionError:
                    pass
                return size

            assert await asyncio.to_thread(read_all) > 0  # and it ends


async def test_a_resting_connection_makes_room_for_a_new_one() -> None:
    async with served(Bounds(connections=3)) as port:
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        assert b"hello" in await get(port)
        assert await until_closed(idle[0][0]) == b""
        for _, writer in idle:
            writer.close()


async def test_where_none_rests_a_new_one_is_refused() -> None:
    async with served(Bounds(connections=2)) as port:
        busy = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        for _, writer in busy:
            writer.write(GET.replace(b"/ ", b"/waiting "))
        await asyncio.sleep(0.5)
        assert await get(port) == b""
        for _, writer in busy:
            writer.close()


@pytest.mark.parametrize("path", [b"/endless", b"/waiting"])
async def test_bytes_that_are_no_http_end_the_request(caplog: pytest.LogCaptureFixture, path: bytes) -> None:
    async with served(Bounds()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        await asyncio.sleep(0.3)
        writer.write(b"zzz\r\n")
        await until_closed(reader)
        writer.close()
    assert not [record for record in caplog.records if record.exc_info]


async def test_an_upgrade_that_nobody_offers_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with served(Bounds()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET[:-2] + b"Connection: upgrade, close\r\nUpgrade: websocket\r\n\r\n")
        assert b"hello" in await until_closed(reader)
        writer.close()
    assert not caplog.records


class Fake:
    """A connection that only counts."""

    def __init__(self) -> None:
        self.aborted = False
        self.transport = self

    def abort(self) -> None:
        self.aborted = True


def admitted(of: Connections, host: str) -> bool:
    return of.admit(Fake(), host)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def test_one_address_has_its_share_and_proxies_have_any_number() -> None:
    several = Connections(Bounds(per_address=2), trusted=["10.0.0.0/8"])
    assert [admitted(several, "203.0.113.7") for _ in range(3)] == [True, True, False]
    assert admitted(several, "203.0.113.8")
    assert [admitted(several, f"2001:db8::{number}") for number in range(3)] == [True, True, False]
    assert all(admitted(several, host) for host in ["10.0.0.1", "127.0.0.1", "::1"] * 3)


def test_the_bounds_leave_files_for_the_rest_of_the_process() -> None:
    assert Bounds.for_files(1_024).connections == 724
    assert Bounds.for_files(1_000_000).connections == connections.Bounds().connections
