"""Connections that can be cut: uvicorn offers an application no way to give no answer at all."""

import asyncio
import socket
import struct
from collections.abc import Awaitable
from typing import Protocol

from starlette.types import Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

_transports: dict[tuple[str, int], asyncio.Transport] = {}


class CuttableProtocol(H11Protocol):
    """Uvicorn's HTTP/1.1, which also notes each client's transport under the address an ASGI scope names."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Note the transport."""
        super().connection_made(transport)
        if self.client is not None:
            _transports[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the transport."""
        if self.client is not None:
            _transports.pop(self.client, None)
        super().connection_lost(exc)


class Cut(Protocol):
    """Closes the connection of a request without an answer."""

    def __call__(self, scope: Scope, receive: Receive, *, reset: bool) -> Awaitable[None]:
        """Close it; with `reset`, hard."""
        ...


async def cut(scope: Scope, receive: Receive, *, reset: bool) -> None:
    """Close the connection of a request of which nothing was answered yet, and wait until it is gone.

    With `reset` the client sees a TCP reset, else an orderly end. Waiting matters: uvicorn answers 500 for an
    application that returns silently while it believes the client there.
    """
    transport = _transports.get(scope["client"])
    if transport is None:
        # The client has already left.
        return
    if reset:
        linger_no_time = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_no_time)
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
