import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import httpx
import pytest

from channels.protocols.provider_call import call
from domain.errors import AmbiguousSendError, NotSentError
from runtime import attempt as module
from runtime.attempt import attempt

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"

Serve = Callable[[Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]], Awaitable[str]]


class Clock:
    """A clock that the test moves, as time moves for a process that is stopped."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
async def serve() -> AsyncGenerator[Serve]:
    servers: list[asyncio.Server] = []

    async def begin(answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> str:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

    yield begin
    for server in servers:
        server.close()


@pytest.mark.parametrize("place", ["before the headers", "before the body", "never"])
async def test_a_request_is_not_written_when_its_process_wakes_up_too_late(
    place: str, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.read(10_000))
        writer.write(ANSWER)
        writer.close()

    def stop(name: str) -> None:
        arrivals.append(name)
        if arrivals.count("before_last_check") == {"before the headers": 1, "before the body": 2, "never": 9}[place]:
            clock.now += 20

    received: list[bytes] = []
    arrivals: list[str] = []
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(module, "reach", stop)
    url = await serve(read)
    async with httpx.AsyncClient() as client:
        request = client.build_request("POST", url, content=b"ola")
        if place == "never":
            async with attempt(5):
                assert (await call(client, request)).text == "ok"
        else:
            with pytest.raises(NotSentError, match=r"'127\.0\.0\.1': the time for the call was over"):
                async with attempt(5):
                    await call(client, request)
    assert [b"ola" in one for one in received if one] == {"before the headers": [], "before the body": [False]}.get(
        place, [True]
    )


async def test_a_provider_that_takes_the_request_and_stays_silent_leaves_it_open(serve: Serve) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with httpx.AsyncClient() as client:
        request = client.build_request("POST", await serve(silent), content=b"ola")
        with pytest.raises(AmbiguousSendError, match=r"no answer from '127\.0\.0\.1' within 0\.2 s"):
            async with attempt(0.2):
                await call(client, request)


async def test_a_connection_that_does_not_come_about_in_time_proves_that_nothing_was_sent() -> None:
    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await request.extensions["trace"]("connection.connect_tcp.started", {})
            await asyncio.sleep(60)
            raise AssertionError

    async with httpx.AsyncClient(transport=Slow()) as client:
        request = client.build_request("POST", "https://x.example.com/")
        with pytest.raises(NotSentError, match=r"no connection to 'x\.example\.com' within 0\.1 s"):
            async with attempt(0.1):
                await call(client, request)
