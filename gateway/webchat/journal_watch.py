"""The hub: notices whose conversations have grown in the journal, and wakes the streams that follow them."""

import asyncio
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from typing import Final

from journal import recent, transcript
from journal.database import Database
from journal.errors import DatabaseError
from runtime.shielded import shielded

_POLL: Final = 0.1
_PATIENCE: Final = 1.0

Contact = tuple[str, str]
"""Account and address."""


class Hub:
    """One poll of the database for all streams of this process, and none while there is no stream."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: dict[Contact, set[asyncio.Event]] = {}
        self._wanted = asyncio.Event()
        self._newest: int | None = None
        self._tail: Mapping[int, str] = {}
        self.closed = False

    @contextmanager
    def listening(self, account: str, address: str) -> Generator[asyncio.Event]:
        """Yield an event that is set at each change of that contact's conversations; clear it before reading them."""
        changed = asyncio.Event()
        listeners = self._listeners.setdefault((account, address), set())
        listeners.add(changed)
        self._wanted.set()
        try:
            yield changed
        finally:
            listeners.discard(changed)
            if not listeners:
                self._listeners.pop((account, address), None)
            if not self._listeners:
                self._wanted.clear()

    def close(self) -> None:
        """End all streams."""
        self.closed = True
        self._wake(self._listeners)

    async def run(self) -> None:
        """Poll until cancelled, while there is a listener."""
        while True:
            await self._wanted.wait()
            try:
                changed = await self._look()
            except (DatabaseError, OSError):  # the streams say it when they read themselves
                await asyncio.sleep(_PATIENCE)
                continue
            self._wake(changed)
            await asyncio.sleep(_POLL)

    def _wake(self, contacts: Collection[Contact]) -> None:
        for contact in contacts:
            for changed in self._listeners.get(contact, ()):
                changed.set()

    @shielded
    async def _look(self) -> Collection[Contact]:
        """Return the contacts whose conversations have grown since the last look; all of them where nobody can say."""
        async with self._database.read() as c:
            newest = await transcript.newest(c)
            if newest == self._newest:
                return ()
            tail = await recent.tail(c)
            grown = {conversation for row, conversation in tail.items() if row not in self._tail}
            lost_sight = self._newest is None or self._tail.keys().isdisjoint(tail)
            changed = [*self._listeners] if lost_sight else await recent.contacts(c, grown)
        self._newest, self._tail = newest, tail
        return changed
