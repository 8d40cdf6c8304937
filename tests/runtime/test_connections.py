import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from runtime.connections import Connections

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@dataclass
class Server:
    """Answers each POST; counts the connections that were opened, and those that are."""

    url: str = ""
    opened: int = 0
    open: int = 0
    answer: bytes = ANSWER
    hang_up: bool = False
    held: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        self.open += 1
        try:
            while await reader.readline():
                await reader.readuntil(b"\r\n\r\n")
                await self.held.wait()
                writer.write(self.answer)
                await writer.drain()
                if self.hang_up:
                    await asyncio.sleep(0.05)  # only once the client has put the connection aside
                    break
        finally:
            self.open -= 1
            writer.close()


@asynccontextmanager
async def serving() -> AsyncGenerator[Server]:
    server = Server()
    server.held.set()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/send"
    yield server
    listening.close()


@pytest.fixture
async def server() -> AsyncGenerator[Server]:
    async with serving() as one:
        yield one


async def settled(server: Server, count: int) -> None:
    async with asyncio.timeout(5):
        while server.open != count:  # noqa: ASYNC110 - it is told by sockets
            await asyncio.sleep(0.01)


def opened(*, most: int = 10, idle: int = 5) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=Connections(most, idle), timeout=2)


async def test_one_request_after_the_other_takes_one_connection(server: Server) -> None:
    async with opened() as client:
        assert [(await client.get(server.url)).text for _ in range(3)] == ["ok"] * 3
    assert server.opened == 1
    await settled(server, 0)


async def test_requests_at_the_same_time_take_one_each_and_as_many_are_kept_as_may_be_idle(server: Server) -> None:
    async with opened(idle=2) as client:
        server.held.clear()
        asked = [asyncio.create_task(client.get(server.url)) for _ in range(4)]
        await settled(server, 4)
        server.held.set()
        await asyncio.gather(*asked)
        await settled(server, 2)


async def test_a_connection_that_the_server_has_closed_is_not_used_again(server: Server) -> None:
    server.hang_up = True
    async with opened() as client:
        for _ in range(3):
            assert (await client.get(server.url)).text == "ok"
            await settled(server, 0)
            await asyncio.sleep(0.01)
    assert server.opened == 3


async def test_a_connection_is_used_for_its_own_host_alone(server: Server) -> None:
    async with serving() as other, opened() as client:
        for one in (server, other, server, other):
            await client.get(one.url)
        assert (server.opened, other.opened) == (1, 1)


async def test_who_finds_no_free_connection_is_told_so_and_the_next_one_has_it(server: Server) -> None:
    async with opened(most=1) as client:
        server.held.clear()
        first = asyncio.create_task(client.get(server.url))
        await settled(server, 1)
        with pytest.raises(httpx.PoolTimeout):
            await client.get(server.url, timeout=httpx.Timeout(5, pool=0.05))
        server.held.set()
        await first
        assert (await client.get(server.url)).text == "ok"


async def test_the_connection_of_a_call_that_was_cut_off_is_closed_and_its_place_is_free(server: Server) -> None:
    async with opened(most=1) as client:
        server.held.clear()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await client.get(server.url)
        server.held.set()
        assert (await client.get(server.url)).text == "ok"
    assert server.opened == 2


async def test_where_nobody_listens_is_an_error_of_httpx_and_the_place_is_free_again() -> None:
    async with serving() as gone:
        pass
    async with opened(most=1) as client:
        for _ in range(2):
            with pytest.raises(httpx.ConnectError):
                await client.get(gone.url)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok", b"nonsense\r\n\r\n"])
async def test_an_answer_that_is_none_is_an_error_of_httpx(server: Server, answer: bytes) -> None:
    server.answer, server.hang_up = answer, True
    async with opened(most=1) as client:
        for _ in range(2):
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get(server.url)


async def test_an_address_that_is_not_http_is_refused() -> None:
    async with opened() as client:
        with pytest.raises(httpx.UnsupportedProtocol, match="expected http:// or https://, found 'ftp'"):
            await client.get("ftp://provider.example/send")
