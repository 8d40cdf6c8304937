"""The time that one attempt to send a message has: it is cut off when that is over, and writes nothing afterwards.

Measured by the monotonic clock, which goes on while a process is stopped: one that is woken up too late finds its
time over at the last moment before it writes.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Final

from domain.errors import AmbiguousSendError, NotSentError, SendError
from runtime.failpoints import reach


class Attempt:
    """One attempt, as the HTTP client tells of it: pass `watch` as httpx's extension `trace`."""

    def __init__(self, seconds: float) -> None:
        self.host = "the provider"
        self._seconds = seconds
        self._ends_at = time.monotonic() + seconds
        self._connecting = False

    async def watch(self, event: str, _details: object) -> None:
        """Follow the request; NotSentError instead of writing headers or body when the time is over.

        A provider that lacks the body has not been given the message.
        """
        if event in _CONNECTS:
            self._connecting = True
        elif event in _WRITES:
            self._connecting = False
            reach("before_last_check")
            if time.monotonic() >= self._ends_at:
                raise NotSentError(f"{self.host!r}: the time for the call was over before anything was sent")
            reach("before_write")

    def cut_off(self) -> SendError:
        """Return the error for a call whose time is over: without a connection, nothing was sent."""
        if self._connecting:
            return NotSentError(f"no connection to {self.host!r} within {self._seconds:g} s")
        return AmbiguousSendError(f"no answer from {self.host!r} within {self._seconds:g} s: TimeoutError")


@asynccontextmanager
async def attempt(seconds: float) -> AsyncGenerator[Attempt]:
    """Begin an attempt; SendError when the block inside takes longer than *seconds*."""
    begun = Attempt(seconds)
    before = _current.set(begun)
    try:
        async with asyncio.timeout(seconds):
            yield begun
    except TimeoutError as error:
        raise begun.cut_off() from error
    finally:
        _current.reset(before)


@asynccontextmanager
async def joined(seconds: float) -> AsyncGenerator[Attempt]:
    """Join the attempt that is under way, with its time; where there is none, begin one of *seconds*."""
    if (under_way := _current.get()) is not None:
        yield under_way
        return
    async with attempt(seconds) as begun:
        yield begun


_current: Final = ContextVar[Attempt | None]("attempt", default=None)
_CONNECTS: Final = frozenset({"connection.connect_tcp.started", "connection.start_tls.started"})
_WRITES: Final = frozenset({"http11.send_request_headers.started", "http11.send_request_body.started"})
