"""Writes conversations into the journal, as `deliver` would."""

from datetime import UTC, datetime
from typing import Any

from domain.delivery import OpeningClaim
from domain.effect import Deliver
from domain.event import Event, EventKind
from domain.message import Part
from journal import turn
from journal.tables import inbox
from tests.gateway.fakes import Gateway


class Talk:
    """One conversation of a session; each call is one turn."""

    def __init__(self, gateway: Gateway, session: str, conversation_id: str) -> None:
        self.gateway = gateway
        self.session = session
        self.conversation_id = conversation_id
        self.seq = 0

    async def open(self) -> None:
        async with self.gateway.database.read() as c:
            (row,) = (await c.execute(inbox.select().where(inbox.c.message_id == self.conversation_id))).mappings()
        opening = OpeningClaim(
            message_id=self.conversation_id,
            chain="run",
            workflow_id=row["workflow_id"],
            account="site",
            channel="webchat",
            address=self.session,
            flow="main",
            zone="America/Sao_Paulo",
        )
        facts = {"account": "site", "channel": "webchat", "address": self.session, "name": "", "flow": "main"}
        await self._deliver([("conversation_opened", {**facts, "workflow_id": row["workflow_id"]})], opening=opening)

    async def say(self, *texts: str, **data: Any) -> None:
        await self._deliver([("message_sent", {"text": text, **data}) for text in texts])

    async def hear(self, text: str) -> None:
        await self._deliver([("message_received", {"message_id": "e", "text": text})])

    async def happen(self, kind: EventKind, **data: Any) -> None:
        await self._deliver([(kind, data)])

    async def end(self) -> None:
        await self._deliver([("conversation_ended", {"resolution": "done"})])

    async def _deliver(self, what: list[tuple[Any, dict[str, Any]]], opening: OpeningClaim | None = None) -> None:
        now = datetime.now(UTC)
        events: list[Event] = []
        for kind, data in what:
            self.seq += 1
            events.append(Event(seq=self.seq, kind=kind, at=now, data=data))
        deliver = Deliver(
            conversation_id=self.conversation_id,
            account="site",
            channel="webchat",
            address=self.session,
            opening=opening,
            consumed=(self.conversation_id,) if opening else (),
            events=tuple(events),
            parts=tuple(Part(seq=e.seq, text=str(e.data["text"])) for e in events if e.kind == "message_sent"),
        )
        async with self.gateway.database.write() as c:
            await turn.commit(c, deliver, now)


async def talk(gateway: Gateway, session: str, token: str, message_id: str = "m1") -> Talk:
    """Return a conversation that a message of *session* has opened."""
    await gateway.say(token, "oi", message_id)
    async with gateway.database.read() as c:
        provider_message_id = f"{session}:{message_id}"
        found = inbox.select().where(inbox.c.provider_message_id == provider_message_id)
        (row,) = (await c.execute(found)).mappings()
    opened = Talk(gateway, session, row["message_id"])
    await opened.open()
    return opened
