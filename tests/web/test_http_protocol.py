"""What is no HTTP: one answer, one log line, no traceback."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import suppress

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.fuzz.wire import close, read
from web import body
from web.serving import GuestServer, bind, config


async def take(request: Request) -> Response:
    await asyncio.sleep(0.05)
    return PlainTextResponse(f"took {len(await body.read(request, 400_000))}")


async def begin(_request: Request) -> Response:
    async def pieces() -> AsyncGenerator[bytes]:
        yield b"begun"
        await asyncio.sleep(60)

    return StreamingResponse(pieces())


@pytest.fixture
async def port() -> AsyncGenerator[int]:
    app = Starlette(routes=[Route("/take", take, methods=["GET", "POST"]), Route("/begin", begin)])
    listener = bind("127.0.0.1", 0, "")
    server = GuestServer(config(app, lifespan=False))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    yield listener.getsockname()[1]
    server.should_exit = True
    await serving


async def ask(port: int, *pieces: bytes) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0.02)
        async with asyncio.timeout(5):
            answer = await read(reader, "GET")
            with suppress(ConnectionResetError):  # what was not read any more
                assert await reader.read() == b""
    finally:
        await close(writer)
    return answer


async def test_what_follows_a_request_leaves_its_answer_as_it_is(port: int, caplog: pytest.LogCaptureFixture) -> None:
    head = b"GET /take HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
    assert await ask(port, head, b"more") == (200, b"took 0")
    assert await ask(port, head + b"more") == (200, b"took 0")
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


async def test_requests_that_do_not_wait_for_answers_get_one(port: int, caplog: pytest.LogCaptureFixture) -> None:
    assert await ask(port, b"GET /take HTTP/1.1\r\nhost: a\r\n\r\n" * 500) == (200, b"took 0")
    assert caplog.records == []


async def test_a_connection_serves_one_request_after_the_other(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for size in (0, 3, 900):
        writer.write(f"POST /take HTTP/1.1\r\nhost: a\r\ncontent-length: {size}\r\n\r\n".encode())
        await asyncio.sleep(0.01)
        writer.write(b"x" * size)
        assert await read(reader, "POST") == (200, f"took {size}".encode())
    await close(writer)


async def test_a_body_that_cannot_be_read_is_answered_once(port: int, caplog: pytest.LogCaptureFixture) -> None:
    head = b"POST /take HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"
    assert (await ask(port, head, b"x\r\n"))[0] == 400
    await asyncio.sleep(0.1)
    assert [record.levelno for record in caplog.records if record.name == "uvicorn.error"] == [logging.WARNING]


@pytest.mark.parametrize(
    ("path", "lines", "status"),
    [
        ("/take", 90, 200),
        ("/take", 120, 400),
        ("/take?" + "a=1&" * 2_000, 1, 200),
        ("/take?" + "a=1&" * 2_100, 1, 400),
    ],
)
async def test_a_head_has_few_lines_and_a_short_first_one(
    port: int, path: str, lines: int, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    head = f"GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n" + "x: y\r\n" * lines
    assert (await ask(port, f"{head}\r\n".encode()))[0] == status
    assert len(caplog.records) == (status == 400)


@pytest.mark.parametrize(
    ("piece", "count", "answer"),
    [
        (b" ", 900, (200, b"took 900")),
        (b" " * 100, 3_000, (200, b"took 300000")),
        (b" ", 2_000, (400, b"Invalid HTTP request received.")),
    ],
)
async def test_a_body_comes_in_few_pieces_or_large_ones(
    port: int, piece: bytes, count: int, answer: tuple[int, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    head = b"POST /take HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    body = b"%x\r\n%b\r\n" % (len(piece), piece) * count
    assert await ask(port, head + body + b"0\r\n\r\n") == answer
    assert len(caplog.records) == (answer[0] == 400)


async def test_a_body_whose_length_is_told_in_two_ways_is_not_read(port: int) -> None:
    head = b"POST /take HTTP/1.1\r\nhost: a\r\nconnection: close\r\n"
    lengths = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert await ask(port, head + lengths + b"0\r\n\r\n") == (400, b"Invalid HTTP request received.")


@pytest.mark.parametrize("path", ["/take", "/take?" + "a=1&" * 2_100])
async def test_what_cannot_be_read_of_a_question_for_the_head_is_answered_by_a_head(
    port: int, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    head = f"HEAD {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
    assert await ask(port, head.encode(), b"x\r\n") == (400, b"")
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


async def test_an_answer_that_has_begun_ends(port: int, caplog: pytest.LogCaptureFixture) -> None:
    assert await ask(port, b"GET /begin HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", b"more") == (200, b"")
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


async def test_a_wish_for_another_protocol_is_no_log_line(port: int, caplog: pytest.LogCaptureFixture) -> None:
    wish = b"connection: upgrade, close\r\nupgrade: websocket\r\n\r\n"
    assert await ask(port, b"GET /take HTTP/1.1\r\nhost: a\r\n" + wish) == (200, b"took 0")
    assert caplog.records == []
