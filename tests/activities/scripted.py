"""A channel that does what the test says, and a database for what becomes of it."""

import dataclasses
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import select
from temporalio.testing import ActivityEnvironment
from typing_extensions import override

from activities.deliver import Delivery
from channels.base import AfterCrash, Channel, ChannelSettings, Outgoing, Receipt, Tools, Webhook, WebhookRequest
from domain.delivery import Delivered
from domain.effect import Deliver
from domain.message import PartState
from journal import outbox, turn
from journal.database import Database
from journal.outbox import PartRow, parts
from journal.tables import journal
from tests.journal.factory import ACCOUNT, NOW

What = Exception | Callable[[], Awaitable[None]] | None


class ScriptedChannel(Channel):
    """Raises, or does, what *script* says for the first calls; then it takes everything."""

    def __init__(
        self, rule: AfterCrash, *script: What, found: Receipt | Exception | None = None, call_timeout: float = 5
    ) -> None:
        settings = ChannelSettings(call_timeout=call_timeout)
        super().__init__(ACCOUNT, settings, Tools(http=httpx.AsyncClient(), key=b"k", secret=str))
        self.sent: list[Outgoing] = []
        """What reached the contact."""
        self.calls: list[Outgoing] = []
        self.reconciled: list[Outgoing] = []
        self._rule: AfterCrash = rule
        self._script = list(script)
        self._found = found

    @property
    @override
    def after_crash(self) -> AfterCrash:
        return self._rule

    @property
    def texts(self) -> list[str]:
        return [outgoing.part.text for outgoing in self.sent]

    @override
    def parse(self, request: WebhookRequest) -> Webhook:
        raise NotImplementedError

    @override
    async def send(self, outgoing: Outgoing) -> Receipt:
        self.calls.append(outgoing)
        what = self._script.pop(0) if self._script else None
        if isinstance(what, Exception):
            raise what
        if what is not None:
            await what()
        self.sent.append(outgoing)
        return Receipt(external_id=f"ext-{outgoing.key}")

    @override
    async def reconcile(self, outgoing: Outgoing) -> Receipt | None:
        self.reconciled.append(outgoing)
        if isinstance(self._found, Exception):
            raise self._found
        return self._found


class Post:
    """The activity over a real database; each call is one attempt."""

    def __init__(self, database: Database, channel: Channel | None) -> None:
        self.database = database
        channels = {} if channel is None else {ACCOUNT: channel}
        self._delivery = Delivery(database, channels, lambda file: f"https://chat.example/files/{file.id}")

    async def attempt(self, effect: Deliver, *, local: bool = True) -> Delivered:
        environment = ActivityEnvironment()
        environment.info = dataclasses.replace(environment.info, is_local=local)
        delivered: Any = await environment.run(self._delivery.deliver, effect)
        return delivered

    async def parts(self, effect: Deliver) -> list[PartRow]:
        async with self.database.read() as connection:
            return await parts(connection, effect.conversation_id)

    async def states(self, effect: Deliver) -> list[PartState]:
        return [row.state for row in await self.parts(effect)]

    async def cut_off(self, effect: Deliver, *seqs: int, lasts: timedelta = timedelta()) -> None:
        """Leave what a crash leaves: the turn committed, the parts *seqs* noted as being sent, over after *lasts*."""
        async with self.database.write() as connection:
            await turn.commit(connection, effect, NOW)
        for seq in seqs:
            async with self.database.write() as connection:
                await outbox.sending(connection, effect.conversation_id, seq, lasts)

    async def events(self, conversation_id: str) -> list[int]:
        found = select(journal.c.seq).where(journal.c.conversation_id == conversation_id).order_by(journal.c.seq)
        async with self.database.read() as connection:
            return list(await connection.scalars(found))
