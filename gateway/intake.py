"""The intake: store the messages of one request as rows of the inbox, in one transaction."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from channels.base import InboundMessage, StatusReport
from domain import keys
from domain.errors import ContactError
from domain.limits import LIMITS
from domain.message import Callback, FileContent, FileRef, Inbound
from domain.model import Value
from domain.storable import storable
from gateway.relay import LEASE, Relay
from gateway.spool import DATABASE_AWAY, Batch, Spool
from journal import callbacks, inbox, outbox, uploads
from journal.database import Database
from journal.files import FileStore
from journal.inbox import ClaimedItem, InboxItem, ReceiveResult
from runtime.failpoints import reach
from runtime.logging import logger
from runtime.shielded import shielded

_KIND: Final = "message"
_NAME: Final = 200
_DRAIN: Final = 1.0
_TOGETHER: Final = 20
"""Messages that one transaction stores: on SQLite the event loop waits meanwhile, a millisecond for each."""
_LATE: Final = timedelta(days=31)
"""How long ago a message that comes now may have been said: no provider tries longer to hand it over."""


class IntakeResult(Value):
    """The messages of a request that are stored, and those that the relay shall forward now."""

    received: int = 0
    repeated: int = 0
    claimed: tuple[ClaimedItem, ...] = ()
    waiting: tuple[str, ...] = ()
    """Workflows with a message behind another."""


class CallbackResult(Value):
    """The result of storing a callback."""

    taken: IntakeResult = IntakeResult()
    heard: bool = False
    """Whether a conversation hears it, or has heard it; else there is none, or it has ended."""
    full: bool = False
    """Whether the conversation has too much to hear already."""


class Intake:
    """Stores messages and callbacks: in the database, and while that is away in the spool."""

    def __init__(self, database: Database, files: FileStore, spool: Spool, relay: Relay, key: bytes) -> None:
        self._database = database
        self._files = files
        self._spool = spool
        self._relay = relay
        self._key = key

    async def take(
        self,
        account: str,
        channel: str,
        messages: Sequence[InboundMessage],
        reports: Sequence[StatusReport] = (),
        origin: str = "",
    ) -> IntakeResult | None:
        """Store the messages and reports of one request. None when nothing could be stored: it has to come again.

        *origin* is the network address of the visitor who sent it, where that is no provider.
        """
        now = datetime.now(UTC)
        place = keys.address_key(self._key, origin) if origin else ""
        try:
            items = [await self._item(account, channel, message, now, place) for message in messages]
        except OSError as error:
            logger().error("files_not_writable", account=account, error=error.strerror)
            return None
        batch = Batch(account=account, items=tuple(items), reports=tuple(reports))
        if not len(self._spool):  # else it would overtake what waits there
            try:
                return await self._store(batch)
            except DATABASE_AWAY as error:
                logger().warning("database_away", account=account, error=type(error).__name__)
        return IntakeResult(received=len(items)) if await self._spool.put(batch) else None

    @shielded
    async def take_callback(self, callback: Callback) -> CallbackResult:
        """Store another system's callback to a conversation; an error of DATABASE_AWAY when it has to come again."""
        async with self._database.read() as c:
            target = await callbacks.find_target(c, callback.key)
            if target is None:
                return CallbackResult()
            if await callbacks.is_known(c, target.account, callback.key):
                return CallbackResult(heard=True, taken=IntakeResult(repeated=1))
            if target.stage == "ended":
                return CallbackResult()
            if await callbacks.unread(c, target.workflow_id) >= LIMITS.events_unread:
                return CallbackResult(full=True)
        now = datetime.now(UTC)
        message_id = keys.message_id(target.account, callbacks.KIND, callback.key)
        item = InboxItem(
            **target.model_dump(exclude={"stage"}),
            kind=callbacks.KIND,
            provider_message_id=callback.key,
            payload=Inbound(message_id=message_id, at=now, callback=callback),
            received_at=now,
        )
        return CallbackResult(heard=True, taken=await self._store(Batch(account=target.account, items=(item,))))

    def hand_on(self, taken: IntakeResult) -> None:
        """Let the relay forward the stored messages; to be called after the answer."""
        for claimed in taken.claimed:
            self._relay.forward(claimed)
        for workflow_id in taken.waiting:
            self._relay.wake(workflow_id)

    async def run(self) -> None:
        """Empty the spool whenever the database takes it again, until cancelled."""
        while True:
            try:
                await self._spool.drain(self._store_and_hand_on)
            except DATABASE_AWAY as error:
                logger().info("spool_waits", files=len(self._spool), error=type(error).__name__)
            await asyncio.sleep(_DRAIN)

    async def _store_and_hand_on(self, batch: Batch) -> None:
        self.hand_on(await self._store(batch))

    async def _store(self, batch: Batch) -> IntakeResult:
        """Store a batch, a few items a transaction: what an earlier one has stored is a repeat when it comes again."""
        done: list[tuple[InboxItem, ReceiveResult]] = []
        for first in range(0, len(batch.items), _TOGETHER):
            done += await self._store_items(batch.items[first : first + _TOGETHER])
        for first in range(0, len(batch.reports), _TOGETHER):
            await self._store_reports(batch.account, batch.reports[first : first + _TOGETHER])
        new = [(item, received) for item, received in done if received.new]
        return IntakeResult(
            received=len(new),
            repeated=len(done) - len(new),
            claimed=tuple(_claimed(item, received) for item, received in new if received.claimed),
            waiting=tuple({item.workflow_id: None for item, received in new if not received.claimed}),
        )

    @shielded
    async def _store_items(self, items: Sequence[InboxItem]) -> list[tuple[InboxItem, ReceiveResult]]:
        now = datetime.now(UTC)
        done: list[tuple[InboxItem, ReceiveResult]] = []
        async with self._database.write() as c:
            routed = [
                item.model_copy(update={"workflow_id": found})
                if (found := await inbox.workflow_for(c, item.account, item.address))
                else item
                for item in items
            ]
            for item in sorted(routed, key=lambda one: one.workflow_id):  # as `receive` asks for, against deadlocks
                received = await inbox.receive(c, item, owner=self._relay.owner, lease=LEASE, now=now)
                if item.payload.files:
                    await uploads.say(c, item.account, item.address, [file.id for file in item.payload.files])
                done.append((item, received))
            reach("before_commit")
        return done

    @shielded
    async def _store_reports(self, account: str, reports: Sequence[StatusReport]) -> None:
        now = datetime.now(UTC)
        async with self._database.write() as c:
            for report in sorted(reports, key=lambda one: one.external_id):
                await outbox.report(c, account, report.external_id, report.state, report.reason, now)
            reach("before_commit")

    async def _item(self, account: str, channel: str, message: InboundMessage, now: datetime, place: str) -> InboxItem:
        address_hash = keys.address_key(self._key, message.address)
        return InboxItem(
            account=account,
            channel=channel,
            kind=_KIND,
            provider_message_id=message.provider_message_id,
            workflow_id=keys.workflow_id(account, address_hash),
            address=message.address,
            name=message.name.strip()[:_NAME],
            payload=await self._inbound(account, message, now, place),
            received_at=now,
        )

    async def _inbound(self, account: str, message: InboundMessage, now: datetime, place: str) -> Inbound:
        raw = message.text.encode()
        truncated = len(raw) > LIMITS.message_text
        text = raw[: LIMITS.message_text].decode(errors="ignore")
        whole = (FileContent(name="message.txt", mime="text/plain", data=raw),) if truncated else ()
        refs = [await self._keep(account, file) for file in (*whole, *message.files)]
        return Inbound(
            message_id=keys.message_id(account, _KIND, message.provider_message_id),
            at=_plausible(message.at, now),
            text=text,
            choice=message.choice,
            files=(*(ref for ref in refs if ref is not None), *message.stored),
            truncated=truncated,
            location=message.location,
            language=message.language,
            referral=message.referral.strip(),
            missed_call=message.missed_call,
            origin=place,
        )

    async def _keep(self, account: str, file: FileContent) -> FileRef | None:
        named = file.model_copy(update={"name": storable(file.name)[-_NAME:] or "file", "mime": storable(file.mime)})
        try:
            return await asyncio.to_thread(self._files.put, named)
        except ContactError as error:
            logger().warning("file_refused", account=account, error=str(error))
            return None


def _plausible(said_at: datetime | None, now: datetime) -> datetime:
    """Return when something was said that arrives *now*: as told, but not later, nor longer ago than is possible."""
    return now if said_at is None else min(max(said_at, now - _LATE), now)


def _claimed(item: InboxItem, received: ReceiveResult) -> ClaimedItem:
    payload = item.payload.model_copy(update={"message_id": received.message_id})
    return ClaimedItem(
        **item.model_dump(exclude={"payload"}), message_id=received.message_id, payload=payload, attempts=0
    )
