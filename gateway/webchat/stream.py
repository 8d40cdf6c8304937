"""One stream of server-sent events: the visitor's conversations, from where the page left off."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from typing import Any, Final

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway.webchat.journal_watch import Hub
from gateway.webchat.pix import pix_in
from journal import sessions, transcript
from journal.database import Database
from journal.errors import DatabaseError
from journal.transcript import StreamEvent
from runtime.links import Links
from runtime.logging import logger
from runtime.shielded import shielded
from runtime.shown import json_text

PING: Final = 15.0
"""Seconds without an event after which a comment is sent, so that proxies and we notice a dead connection."""
_REREAD: Final = 2.0
_LIFE: Final = 3600.0
"""Seconds after which a stream ends: the page comes back, and its token is looked at again."""
_PAGE: Final = 50
"""Events that are read at a time: others wait meanwhile, and each may have the longest of texts."""
_POSITION: Final = re.compile(r"(?P<conversation>[0-9a-f]{1,64}):(?P<seq>[0-9]{1,9})")
_NAMES: Final = {
    "message_sent": "message",
    "message_received": "received",
    "agent_joined": "joined",
    "handover_resolved": "left",
    "conversation_opened": "opened",
    "conversation_ended": "ended",
}


class EventStreamResponse(StreamingResponse):
    """Sends events, and closes their generator at once when the page has gone; *ended* is called then."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[str], ended: Callable[[], None] = lambda: None) -> None:
        super().__init__(events, headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        self._events = events
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()

    async def stream_response(self, send: Send) -> None:
        """Send until the generator ends or the page goes."""
        async with aclosing(self._events):
            await super().stream_response(send)


def position(text: str) -> tuple[str, int] | None:
    """Return the (conversation_id, seq) of a Last-Event-ID; None, which is the beginning, for anything else."""
    found = _POSITION.fullmatch(text)
    return (found["conversation"], int(found["seq"])) if found else None


class Stream:
    """Follows the conversations of one address; *names* are the agents' displayed names, by login."""

    def __init__(
        self, database: Database, hub: Hub, links: Links, names: Mapping[str, str], account: str, address: str
    ) -> None:
        self._database = database
        self._hub = hub
        self._links = links
        self._names = names
        self._account = account
        self._address = address
        self._is_over = False
        self._look_again = time.monotonic() + _REREAD
        self._nameless: dict[str, list[str]] = {}
        """Logins of the agents without a displayed name, in the order in which they appeared in each conversation."""

    async def events(self, after: tuple[str, int] | None) -> AsyncGenerator[str]:
        """Yield the events after *after*, in order, without gap or double, until the watch or the session ends."""
        end = time.monotonic() + _LIFE
        quiet_since = time.monotonic()
        yield "retry: 1000\n\n"
        with self._hub.listening(self._account, self._address) as changed:
            while not (self._hub.closed or self._is_over) and time.monotonic() < end:
                changed.clear()
                found = await self._read(after)
                for event in found:
                    after = (event.conversation_id, event.seq)
                    yield self._spell(event)
                if found:
                    quiet_since = time.monotonic()
                elif time.monotonic() - quiet_since >= PING:
                    quiet_since = time.monotonic()
                    yield ": ping\n\n"
                if len(found) < _PAGE:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(changed.wait(), _REREAD)
                await self._look_whether_it_is_over()

    @shielded
    async def _look_whether_it_is_over(self) -> None:
        if time.monotonic() < self._look_again:
            return
        self._look_again = time.monotonic() + _REREAD
        with suppress(DatabaseError, OSError):
            async with self._database.read() as c:
                self._is_over = await sessions.is_ended(c, self._account, self._address)

    @shielded
    async def _read(self, after: tuple[str, int] | None) -> list[StreamEvent]:
        try:
            async with self._database.read() as c:
                found = await transcript.follow(c, self._account, self._address, after, _PAGE)
                for conversation_id in {event.conversation_id for event in found if self._is_nameless(event.by)}:
                    there = await transcript.people(c, conversation_id)
                    self._nameless[conversation_id] = [by for by in there if self._is_nameless(by)]
                return found
        except (DatabaseError, OSError) as error:
            logger().warning("stream_without_database", account=self._account, error=type(error).__name__)
            return []

    def _is_nameless(self, by: str) -> bool:
        return bool(by) and not self._names.get(by)

    def _agent(self, event: StreamEvent) -> dict[str, Any] | None:
        """Return the agent's public display name, or a number for an agent without one; None for the bot."""
        if not event.by:
            return None
        if self._is_nameless(event.by):
            return {"name": "", "number": self._nameless[event.conversation_id].index(event.by) + 1}
        return {"name": self._names[event.by], "number": 0}

    def _spell(self, event: StreamEvent) -> str:
        files = [file.model_dump() | {"url": self._links.file_url(file)} for file in event.files]
        pix = pix_in(event.text) if event.kind == "message_sent" else None
        place, card = event.location, event.contact_card
        data: dict[str, Any] = {
            "conversation": event.conversation_id,
            "seq": event.seq,
            "at": event.at.isoformat(),
            "protocol": event.protocol,
            "waiting": event.waiting,
            "message_id": event.message_id,
            "text": event.text,
            "choice": event.choice,
            "options": [option.model_dump() for option in event.options],
            "links": [link.model_dump() for link in event.links],
            "typing": event.typing,
            "pix": pix.model_dump() if pix else None,
            "file": files[0] if files else None,
            "files": files,
            "location": place and {**place.model_dump(), "url": place.link},
            "contact_card": card and {**card.model_dump(), "vcard": card.vcard},
            "agent": self._agent(event),
        }
        spelled = json_text(data)  # JSON has no line breaks of its own
        return f"id: {event.conversation_id}:{event.seq}\nevent: {_NAMES[event.kind]}\ndata: {spelled}\n\n"
