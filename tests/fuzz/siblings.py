"""Right messages beside the attacks: each has to be answered, and to be in the inbox once."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from tests.fuzz.doors import FRONT, SITE, Doors, Row, message
from tests.fuzz.findings import LIMIT, Findings
from tests.fuzz.wire import Answer, exchange

_PATIENCE: Final = 30.0


class Siblings:
    """Sends them, on a channel for programs and on the web chat in turn, and remembers what was acknowledged."""

    def __init__(self, port: int, doors: Doors, found: Findings) -> None:
        self._port = port
        self._doors = doors
        self._found = found
        self._acknowledged: list[Row] = []

    @asynccontextmanager
    async def sent(self, pause: float) -> AsyncGenerator[None]:
        """Send one every *pause* seconds while inside."""
        over = asyncio.Event()
        sending = asyncio.create_task(self._send(over, pause))
        try:
            yield
        finally:
            over.set()
            await sending

    def expect(self, rows: Sequence[Row]) -> None:
        """Remember messages that somebody else has sent, and that were acknowledged."""
        self._acknowledged += rows

    def missing(self, stored: Counter[Row]) -> list[str]:
        """Return a sentence for each acknowledged message that is not *stored* once."""
        return [f"{row} is stored {stored[row]} times" for row in self._acknowledged if stored[row] != 1]

    async def _send(self, over: asyncio.Event, pause: float) -> None:
        while not over.is_set():
            await self._one(self._front)
            await self._one(self._chat)
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), 2 * pause)

    async def _one(self, how: Callable[[], Awaitable[tuple[Row, Answer]]]) -> None:
        row, answer = await how()
        self._found.right += 1
        self._found.slowest_right = max(self._found.slowest_right, answer.seconds)
        if answer.status != 200:
            self._found.lost.append(
                f"{row} beside an attack: {answer.status} in {answer.seconds:.2f} s {answer.body!r}"
            )
            return
        self._acknowledged.append(row)
        if answer.seconds > LIMIT:
            self._found.slow.append(f"{row} beside an attack: {answer.seconds:.2f} s")

    async def _front(self) -> tuple[Row, Answer]:
        name = self._doors.name()
        raw = self._doors.front(json.dumps(message(name, "sibling")).encode())
        return Row(FRONT, name), await exchange(self._port, raw, _PATIENCE)

    async def _chat(self) -> tuple[Row, Answer]:
        name, visitor = self._doors.name(), self._doors.visitor()
        raw = self._doors.chat(json.dumps({"id": name, "text": "oi"}).encode(), visitor)
        return Row(SITE, f"{visitor.session}:{name}"), await exchange(self._port, raw, _PATIENCE)
