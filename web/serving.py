"""Serve an application over HTTP with the limits that all of Prosa's servers have."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Generator, Iterable
from functools import partial
from typing import Any, Final, cast

import uvicorn

from domain.errors import PortTakenError
from runtime.open_files import raise_limit
from web.connections import Bounds, Connection, Connections

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_BACKLOG: Final = 1024


def bind(host: str, port: int, mend: str) -> socket.socket:
    """Return a socket that listens on *host*, a name or an address of IPv4 or IPv6; port 0 takes a free one.

    PortTakenError when that cannot be; *mend* says in it what to do instead of stopping the other listener.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise PortTakenError(
            f"cannot listen on {host}:{port} ({error.strerror}): stop what listens there, or {mend}"
        ) from error


def config(app: Any, *, lifespan: bool, bounds: Bounds | None = None, trusted: Iterable[str] = ()) -> uvicorn.Config:
    """Return how uvicorn serves *app*; with *lifespan*, the application is told of start and end.

    *trusted* proxies may have any number of connections within *bounds*, which are those of the open files by default.
    """
    connections = Connections(bounds or Bounds.for_files(raise_limit()), trusted)
    return uvicorn.Config(
        app,
        http=cast("type[asyncio.Protocol]", partial(Connection, connections)),
        ws="none",
        lifespan="on" if lifespan else "off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # web/proxies.py does it, by the settings
        timeout_graceful_shutdown=1,
    )


class GuestServer(uvicorn.Server):
    """A server inside a process that has other work: it leaves signals to that process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Take no signal."""
        yield


class MainServer(uvicorn.Server):
    """A server that is its process: SIGTERM and SIGINT end it in good order, with status 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Take both signals while inside."""
        # uvicorn's own raises them once more at the end, which ends the process with the signal's status.
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)
