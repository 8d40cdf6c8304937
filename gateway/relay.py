"""The relay: signals inbox messages to conversations, in order, one message of a conversation at a time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.conversation import ConversationStart, Setup
from domain.message import Callback, Inbound
from gateway.forward_marks import ForwardMarks
from journal import callbacks, divergence, inbox
from journal.database import Database
from journal.errors import DatabaseError
from journal.inbox import ClaimedItem
from runtime.failpoints import reach
from runtime.logging import logger
from runtime.shielded import shielded
from runtime.temporal import signal_limit_reached, tell, tell_open
from usecases.setups import SetupFor

LEASE: Final = timedelta(seconds=3)
"""How long a message that a gateway died with waits for the next one; telling twice is harmless, so it is short."""

_REMEMBERED: Final = 20_000
_SWEEP: Final = timedelta(seconds=1)
_LANES: Final = 200
"""Conversations that one sweep wakes."""
_AT_ONCE: Final = 64
"""Calls in flight to Temporal."""
_AGAIN: Final = (timedelta(seconds=60), timedelta(hours=1))
_BACKOFF: Final = (timedelta(milliseconds=500), timedelta(seconds=30))
_PROBE: Final = (timedelta(milliseconds=500), timedelta(seconds=5))
_GONE: Final = timedelta(seconds=60)
_STOP: Final = 0.5
_AWAY: Final = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})


class Relay:
    """Forwards claimed messages to Temporal; while that is away, one conversation at a time tries if it is back.

    *owner* names this process in the database. Several relays may share one database.
    """

    def __init__(
        self,
        database: Database,
        client: Client,
        setup_for: SetupFor,
        owner: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.owner = owner
        self._database = database
        self._client = client
        self._setup_for = setup_for
        self._clock = clock
        self._todo: dict[str, ClaimedItem | None] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._marks = ForwardMarks(self._mark)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._nudged = asyncio.Event()
        self._open: dict[str, bool] = {}
        """Workflows that took a message lately, the one told longest ago first: most likely still open."""
        self._reminded = False
        self._failures = 0
        self._probe_at: datetime | None = None

    @property
    def away(self) -> bool:
        """Whether Temporal did not answer when it was last tried."""
        return self._probe_at is not None

    def forward(self, claimed: ClaimedItem) -> None:
        """Forward *claimed*, which this process holds, in the background, and then the messages behind it."""
        self._start(claimed.workflow_id, claimed)

    def wake(self, workflow_id: str) -> None:
        """Forward the waiting messages of *workflow_id* in the background; no more than a hint."""
        if not self.away:
            self._start(workflow_id, None)

    async def run(self) -> None:
        """Sweep until cancelled: messages that no gateway has forwarded, and those forwarded and never consumed."""
        while True:
            try:
                await self._sweep()
                await self._remind()
            except (DatabaseError, OSError, RPCError, RuntimeError) as error:
                logger().warning("sweep_failed", error=type(error).__name__)
            self._nudged.clear()
            try:
                async with asyncio.timeout(_SWEEP.total_seconds()):
                    await self._nudged.wait()
            except TimeoutError:
                continue

    async def close(self) -> None:
        """Give messages in flight half a second, and release the rest to other gateways."""
        await self._marks.close()
        tasks = list(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=_STOP)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(DatabaseError, OSError):  # else the leases pass
            await self._let_go()

    async def _sweep(self) -> None:
        now = self._clock()
        if self._probe_at is not None and now < self._probe_at:
            return
        for workflow_id in await self._waiting(now):
            self._start(workflow_id, None)

    async def _remind(self) -> None:
        """When Temporal is there or back, forward again messages that it may have lost: see `divergence.stranded`."""
        if self._reminded or self.away:
            return
        async with self._database.read() as c:
            stranded = await divergence.stranded(c)
        await asyncio.gather(*(self._tell_again(message) for message in stranded))
        self._reminded = True

    async def _tell_again(self, message: ClaimedItem) -> None:
        setup = self._setup_for(message.account, message.address, message.name)
        if setup is not None and message.payload.source != "system":
            async with self._slots:
                await self._tell(setup, message)

    async def _tell(self, setup: Setup, message: ClaimedItem) -> None:
        """Signal *message* to its conversation; only the contact's begin one."""
        workflow_id, payload = message.workflow_id, message.payload
        if payload.source == "system":
            await tell_open(self._client, workflow_id, payload)
        elif not await self._took(workflow_id, payload):
            await tell(self._client, workflow_id, ConversationStart(setup=setup), payload)
            self._open[workflow_id] = True
        if len(self._open) > _REMEMBERED:
            del self._open[next(iter(self._open))]

    async def _took(self, workflow_id: str, message: Inbound) -> bool:
        """Signal *message* without the setup of a new conversation if one took the last message and is still open."""
        if not self._open.pop(workflow_id, False):
            return False
        try:
            await tell_open(self._client, workflow_id, message)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            return False
        self._open[workflow_id] = True
        return True

    def _start(self, workflow_id: str, first: ClaimedItem | None) -> None:
        self._todo[workflow_id] = first or self._todo.get(workflow_id)
        self._marks.hurry(workflow_id)
        if workflow_id not in self._tasks:
            self._tasks[workflow_id] = asyncio.create_task(self._drain(workflow_id), name=workflow_id)

    async def _drain(self, workflow_id: str) -> None:
        try:
            while workflow_id in self._todo:
                first = self._todo.pop(workflow_id)
                claimed = first or await self._claim(workflow_id)
                while claimed is not None:
                    # Behind one that came alone there is nothing; behind one that waited there may be more.
                    claimed = await self._forward(claimed, alone=claimed is first)
        except (DatabaseError, OSError) as error:
            # Messages in flight stay claimed until their lease passes, and are forwarded again.
            logger().warning("relay_without_database", workflow_id=workflow_id, error=type(error).__name__)
        finally:
            del self._tasks[workflow_id]  # not in a callback: what arrives from here on starts a task of its own

    @shielded
    async def _waiting(self, now: datetime) -> list[str]:
        async with self._database.read() as c:
            return await inbox.waiting(c, now=now, limit=1 if self.away else _LANES)

    @shielded
    async def _claim(self, workflow_id: str) -> ClaimedItem | None:
        async with self._database.write() as c:
            return await inbox.claim(c, workflow_id, owner=self.owner, lease=LEASE, now=self._clock())

    async def _forward(self, claimed: ClaimedItem, *, alone: bool) -> ClaimedItem | None:
        """Tell one message; return the next of its conversation, claimed in the transaction that marks this one."""
        setup = self._setup_for(claimed.account, claimed.address, claimed.name)
        if setup is None:
            logger().error("account_gone", account=claimed.account, message_id=claimed.message_id)
            return await self._release(claimed, f"no account {claimed.account!r} in the settings", _GONE)
        try:
            async with self._slots:
                if self._probe_at is not None and self._clock() < self._probe_at:
                    return None  # its lease passes while Temporal is away
                await self._tell(setup, claimed)
        except RPCError as error:
            return await self._refused(claimed, error)
        except RuntimeError as error:  # what the SDK raises when it cannot connect at all
            return await self._no_answer(claimed, str(error))
        reach("after_signal")
        self._answered()
        return await self._marks.add(claimed, at_once=not alone or claimed.workflow_id in self._todo)

    @shielded
    async def _mark(self, items: list[ClaimedItem]) -> dict[str, ClaimedItem]:
        now = self._clock()
        items.sort(key=lambda one: one.workflow_id)  # as `forwarded` asks for, against deadlocks
        async with self._database.write() as c:
            await inbox.forwarded(c, {one.message_id: now + _pause(one, now) for one in items}, now=now)
            behind = await inbox.behind(c, [one.workflow_id for one in items], now=now)
            claimed = [await inbox.claim(c, lane, owner=self.owner, lease=LEASE, now=now) for lane in behind]
        return {one.workflow_id: one for one in claimed if one is not None}

    async def _refused(self, claimed: ClaimedItem, error: RPCError) -> ClaimedItem | None:
        if error.status in _AWAY:
            return await self._no_answer(claimed, error.message)
        self._answered()
        who = {"message_id": claimed.message_id, "workflow_id": claimed.workflow_id, "account": claimed.account}
        if _too_large(error):
            logger().error("message_buried", **who, error=error.message)
            return await self._bury(claimed, error.message)
        if error.status == RPCStatusCode.NOT_FOUND and claimed.payload.callback is not None:
            return await self._nobody_there(claimed, claimed.payload.callback)
        full = signal_limit_reached(error)
        logger().warning("signal_limit_reached" if full else "signal_refused", **who, error=error.message)
        return await self._release(claimed, error.message, _doubled(_BACKOFF, claimed.attempts))

    async def _nobody_there(self, claimed: ClaimedItem, callback: Callback) -> ClaimedItem | None:
        """Bury an event whose conversation has ended; one that Temporal has lost takes it when it is back."""
        async with self._database.read() as c:
            target = await callbacks.find_target(c, callback.key)
        if target is not None and target.stage != "ended":
            return await self._marks.add(claimed, at_once=True)
        logger().warning("callback_unheard", message_id=claimed.message_id, name=callback.event)
        return await self._bury(claimed, "the conversation had ended")

    async def _no_answer(self, claimed: ClaimedItem, error: str) -> None:
        now = self._clock()
        if self._probe_at is None or now >= self._probe_at:
            if self._failures == 0:
                logger().warning("temporal_away", error=error)
            self._probe_at = now + _doubled(_PROBE, self._failures)
            self._failures += 1
        # When to try again is the same for all; until its lease would have passed, others do the trying.
        await self._release(claimed, error, LEASE)

    def _answered(self) -> None:
        if self.away:
            logger().info("temporal_back")
            self._reminded = False
            self._probe_at = None
            self._failures = 0
            self._nudged.set()

    @shielded
    async def _bury(self, claimed: ClaimedItem, error: str) -> ClaimedItem | None:
        async with self._database.write() as c:
            await inbox.bury(c, claimed.message_id, error)
            return await inbox.claim(c, claimed.workflow_id, owner=self.owner, lease=LEASE, now=self._clock())

    @shielded
    async def _let_go(self) -> None:
        async with self._database.write() as c:
            await inbox.let_go(c, self.owner)

    @shielded
    async def _release(self, claimed: ClaimedItem, error: str, wait: timedelta) -> None:
        async with self._database.write() as c:
            await inbox.release(c, claimed.message_id, error=error, again_at=self._clock() + wait)


def _pause(item: ClaimedItem, now: datetime) -> timedelta:
    """Return how long *item* may stay unread before it is forwarded again."""
    # Attempts count failures too, and a provider's time may be old: only when both are high it is a repeat.
    least, _ = _AGAIN
    return min(_doubled(_AGAIN, item.attempts), max(least, now - item.payload.at))


def _doubled(bounds: tuple[timedelta, timedelta], times: int) -> timedelta:
    first, most = bounds
    return min(first * 2 ** min(times, 20), most)


def _too_large(error: RPCError) -> bool:
    """Say whether Temporal will never take the signal: over 2 MiB a blob, over 4 MiB a gRPC message."""
    return (error.status == RPCStatusCode.INVALID_ARGUMENT and "blob data size" in error.message.lower()) or (
        error.status == RPCStatusCode.RESOURCE_EXHAUSTED and "larger than max" in error.message.lower()
    )
