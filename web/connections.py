"""Bounds of connections: how many there are, how long a request's head may take, how long an answer waits unread."""

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from typing_extensions import override

from runtime.logging import logger
from web.http_protocol import HttpProtocol
from web.proxies import address, networks
from web.rate_limit import network_of

_OURSELVES: Final = 300
"""Files that a process needs for other things than connections: database, Temporal, files of conversations."""
_SAID: Final = 10.0
"""Seconds between two log lines about refused connections."""


@dataclass(frozen=True)
class Bounds:
    """Limits of one server."""

    connections: int = 10_000
    """Connections in all. One more takes the place of the one that has rested longest, or is refused."""
    per_address: int = 500
    """Connections of one address; this machine and trusted proxies have any number."""
    head: float = 10.0
    """Seconds in which a connection has to bring the whole head of its next request."""
    unread: float = 60.0
    """Seconds after which an answer that its reader does not take is given up."""

    @classmethod
    def for_files(cls, files: int) -> "Bounds":
        """Return the limits of a process that may have so many *files* open."""
        connections = max(64, min(10_000, files - _OURSELVES))
        return cls(connections=connections, per_address=min(500, connections // 4))


class Connections:
    """The connections of one server, and those that rest: they have no request under way."""

    def __init__(self, bounds: Bounds, trusted: Iterable[str] = ()) -> None:
        self.bounds = bounds
        self._trusted = networks((*trusted, "127.0.0.0/8", "::1/128"))
        self._open: dict[Connection, str] = {}
        self._of: Counter[str] = Counter()
        self._resting: OrderedDict[Connection, None] = OrderedDict()
        self._refused = 0
        self._said_at = -_SAID

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, connection: "Connection", host: str) -> bool:
        """Count *connection*, which comes from *host*; False when it is one too many."""
        where = "" if self._is_exempt(host) else network_of(host)
        if where and self._of[where] >= self.bounds.per_address:
            return self._refuse(host, "too many connections of this address")
        if len(self._open) >= self.bounds.connections and not self._make_room():
            return self._refuse(host, "too many connections")
        self._open[connection] = where
        self._of[where] += 1
        return True

    def forget(self, connection: "Connection") -> None:
        """Count *connection* no more."""
        self._resting.pop(connection, None)
        where = self._open.pop(connection, None)
        if where is not None:
            self._of[where] -= 1
            if not self._of[where]:
                del self._of[where]

    def rest(self, connection: "Connection") -> None:
        """Note that *connection* has no request under way: it may have to make room."""
        if connection in self._open:
            self._resting[connection] = None
            self._resting.move_to_end(connection)

    def work(self, connection: "Connection") -> None:
        """Note that *connection* has a request under way."""
        self._resting.pop(connection, None)

    def _make_room(self) -> bool:
        if not self._resting:
            return False
        oldest = next(iter(self._resting))
        self.forget(oldest)
        oldest.transport.abort()
        return True

    def _is_exempt(self, host: str) -> bool:
        found = address(host)
        return found is None or any(found in network for network in self._trusted)

    def _refuse(self, host: str, reason: str) -> bool:
        self._refused += 1
        if time.monotonic() - self._said_at >= _SAID:
            logger().warning("connections_refused", source=host, reason=reason, connections=self._refused)
            self._said_at, self._refused = time.monotonic(), 0
        return False


class Connection(HttpProtocol):
    """A connection that nobody can hold open without using it."""

    def __init__(self, connections: Connections, **of_uvicorn: Any) -> None:
        super().__init__(**of_uvicorn)
        self._all = connections
        self._head: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self._all.admit(self, self.client[0] if self.client else ""):
            self._rest()
        else:
            transport.abort()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._all.forget(self)
        self._head, self._unread = _cancelled(self._head), _cancelled(self._unread)
        super().connection_lost(exc)

    @override
    def handle_events(self) -> None:
        before = self.cycle
        super().handle_events()
        if self.cycle is not before and not self.cycle.response_complete:
            self._head = _cancelled(self._head)
            self._all.work(self)

    @override
    def on_response_complete(self) -> None:
        self._rest()
        super().on_response_complete()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self._unread or self.loop.call_later(self._all.bounds.unread, self.transport.abort)

    @override
    def resume_writing(self) -> None:
        self._unread = _cancelled(self._unread)
        super().resume_writing()

    def _rest(self) -> None:
        """Wait for the head of the next request."""
        _cancelled(self._head)
        self._head = self.loop.call_later(self._all.bounds.head, self._give_up)
        self._all.rest(self)

    def _give_up(self) -> None:
        if self.transport.get_write_buffer_size() and not self._unread:  # the last answer has not been read yet
            self._unread = self.loop.call_later(self._all.bounds.unread, self.transport.abort)
        else:
            self.transport.close()


def _cancelled(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
