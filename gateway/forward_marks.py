"""Mark inbox messages as forwarded, many in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from journal.inbox import ClaimedItem

LATER: Final = 0.1
"""Seconds that a mark waits for others; a message behind it ends the wait, and after a crash it is forwarded again."""

Write = Callable[[list[ClaimedItem]], Awaitable[dict[str, ClaimedItem]]]
"""Marks messages, and returns for each workflow the message that it has claimed behind them."""


class _Batch:
    def __init__(self) -> None:
        self.items: dict[str, ClaimedItem] = {}
        self.hurried = asyncio.Event()
        self.written: asyncio.Task[dict[str, ClaimedItem]] | None = None


class ForwardMarks:
    """Gathers the messages that were forwarded and lets *write* mark them together."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._batch = _Batch()

    async def add(self, item: ClaimedItem, *, at_once: bool) -> ClaimedItem | None:
        """Have *item* marked, together with others; return the item that was claimed behind it."""
        batch = self._batch
        batch.items[item.workflow_id] = item
        batch.written = batch.written or asyncio.create_task(self._gather(batch))
        if at_once:
            batch.hurried.set()
        return (await asyncio.shield(batch.written)).get(item.workflow_id)

    def hurry(self, workflow_id: str) -> None:
        """Write a mark of *workflow_id* at once: a message has come behind it."""
        if workflow_id in self._batch.items:
            self._batch.hurried.set()

    async def close(self) -> None:
        """Write the gathered marks."""
        self._batch.hurried.set()
        if self._batch.written is not None:
            await asyncio.wait({self._batch.written})

    async def _gather(self, batch: _Batch) -> dict[str, ClaimedItem]:
        try:
            async with asyncio.timeout(LATER):
                await batch.hurried.wait()
        except TimeoutError:
            pass
        self._batch = _Batch()
        return await self._write(list(batch.items.values()))
