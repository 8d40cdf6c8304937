"""A proxy before a real Temporal, as a serious cluster has one: TLS, client certificates, keys that expire."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import trustme
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import (
    DataReceived,
    Event,
    RequestReceived,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    TrailersReceived,
)
from h2.exceptions import StreamClosedError

HOST = "127.0.0.1"
DENIED, UNAUTHENTICATED = "7", "16"
_SOME = 64 * 1024


class Front:
    """Passes calls on to Temporal, those that it does not refuse."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.address = ""
        self.keys: set[str] | None = None
        """The API keys that are taken; None: any, and none."""
        self.expired: set[str] = set()
        self.refused: set[str] = set()
        """Methods that nobody may call: `AddSearchAttributes`."""
        self.methods: list[str] = []
        """What has been called, and passed on."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def listen(self, context: ssl.SSLContext | None) -> None:
        """Listen, the first time on a free port; later anew, with another *context* for who connects from now on."""
        if context is not None:
            context.set_alpn_protocols(["h2"])
        if self._server is not None:
            self._server.close()
        port = int(self.address.rpartition(":")[2] or 0)
        self._server = await asyncio.start_server(self.accept, HOST, port, ssl=context)
        self.address = f"{HOST}:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Listen no more, and end every connection."""
        if self._server is not None:
            self._server.close()
        self.cut()

    def verdict(self, headers: dict[str, str]) -> tuple[str, str] | None:
        """Return the status and the sentence of a refusal."""
        key = headers.get("authorization", "").removeprefix("Bearer ")
        if key in self.expired:
            return UNAUTHENTICATED, "API key has expired"
        if self.keys is not None and key not in self.keys:
            return (DENIED, "Request unauthorized.") if key else (UNAUTHENTICATED, "missing authorization")
        method = headers[":path"].rpartition("/")[2]
        return (DENIED, f"{method} is not allowed") if method in self.refused else None

    def cut(self) -> None:
        """End every connection, as a proxy does that starts anew."""
        for task in self._tasks:
            task.cancel()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        inner: asyncio.StreamWriter | None = None
        try:
            host, port = self.target.rsplit(":", 1)
            behind, inner = await asyncio.open_connection(host, int(port))
            await _Passage(self, writer, inner).run(reader, behind)
        except (asyncio.CancelledError, OSError):
            pass
        finally:
            self._tasks.discard(task)
            for end in (writer, inner):
                if end is not None:
                    end.transport.abort()


class _Passage:
    """One connection: its streams, each passed on as a stream of the connection behind."""

    def __init__(self, front: Front, outer: asyncio.StreamWriter, inner: asyncio.StreamWriter) -> None:
        self._front = front
        self._writers = outer, inner
        self._outer = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self._inner = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self._there: dict[int, int] = {}
        self._back: dict[int, int] = {}

    async def run(self, reader: asyncio.StreamReader, behind: asyncio.StreamReader) -> None:
        self._outer.initiate_connection()
        self._inner.initiate_connection()
        async with asyncio.TaskGroup() as group:
            jobs = [
                group.create_task(self._pump(reader, self._outer, self._inner, self._there)),
                group.create_task(self._pump(behind, self._inner, self._outer, self._back)),
            ]
            await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            for job in jobs:
                job.cancel()

    async def _pump(
        self, reader: asyncio.StreamReader, here: H2Connection, there: H2Connection, ids: dict[int, int]
    ) -> None:
        await self._flush()
        while data := await reader.read(_SOME):
            for event in here.receive_data(data):
                with contextlib.suppress(StreamClosedError):  # the other side has just given it up
                    self._pass(event, here, there, ids)
            await self._flush()

    def _pass(self, event: Event, here: H2Connection, there: H2Connection, ids: dict[int, int]) -> None:
        match event:
            case RequestReceived():
                self._request(event)
            case DataReceived():
                here.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id)
                if event.stream_id in ids:
                    there.send_data(ids[event.stream_id], event.data)
            case ResponseReceived():
                there.send_headers(ids[event.stream_id], event.headers, end_stream=event.stream_ended is not None)
            case TrailersReceived():
                there.send_headers(ids[event.stream_id], event.headers, end_stream=True)
            case StreamEnded() if event.stream_id in ids and here is self._outer:
                there.end_stream(ids[event.stream_id])
            case StreamReset() if event.stream_id in ids:
                there.reset_stream(ids[event.stream_id], event.error_code)
            case _:
                pass

    def _request(self, event: RequestReceived) -> None:
        headers = {str(name): str(value) for name, value in event.headers}
        if verdict := self._front.verdict(headers):
            status, sentence = verdict
            answer = {":status": "200", "content-type": "application/grpc"}
            refusal = {"grpc-status": status, "grpc-message": sentence}
            self._outer.send_headers(event.stream_id, [*(answer | refusal).items()], end_stream=True)
            return
        self._front.methods.append(headers[":path"].rpartition("/")[2])
        number = self._inner.get_next_available_stream_id()
        self._there[event.stream_id], self._back[number] = number, event.stream_id
        self._inner.send_headers(number, event.headers)

    async def _flush(self) -> None:
        for connection, writer in zip((self._outer, self._inner), self._writers, strict=True):
            if data := connection.data_to_send():
                writer.write(data)
                await writer.drain()


@contextlib.asynccontextmanager
async def front(target: str, context: ssl.SSLContext | None = None) -> AsyncGenerator[Front]:
    """Listen on a free port while inside, with TLS when there is a *context*."""
    made = Front(target)
    await made.listen(context)
    try:
        yield made
    finally:
        made.close()


class Authority:
    """Who signs certificates, for servers and for their clients."""

    def __init__(self) -> None:
        self._ca = trustme.CA(key_type=trustme.KeyType.ECDSA)
        self.pem = self._ca.cert_pem.bytes().decode()

    def server(
        self,
        name: str = HOST,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        clients: "Authority | None" = None,
    ) -> ssl.SSLContext:
        """Return how a server speaks TLS, and which *clients* it asks for a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate: Any = self._ca.issue_cert(name, not_before=since, not_after=until)
        certificate.configure_cert(context)
        if clients is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=clients.pem)
        return context

    def client(self, *, since: datetime | None = None, until: datetime | None = None) -> dict[str, str]:
        """Return what `[temporal]` is given of a client's certificate."""
        issued = self._ca.issue_cert("prosa.example", not_before=since, not_after=until)
        certificate, key = issued.cert_chain_pems[0].bytes().decode(), issued.private_key_pem.bytes().decode()
        return {"tls_certificate": certificate, "tls_key": key}
