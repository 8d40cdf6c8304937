"""Deliver a turn: one transaction for its reads, events and messages; then one provider call for each part."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, Self

import structlog
from structlog.contextvars import bind_contextvars
from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from channels.base import Channel, Outgoing
from domain.delivery import Delivered, Lost, PartOutcome
from domain.effect import Deliver
from domain.errors import AmbiguousSendError, CredentialError, NotSentError, RefusedError, SendError
from domain.keys import part_key
from domain.limits import LIMITS
from domain.message import FileRef, Part, PartState
from journal import divergence, outbox, turn
from journal.database import Database
from journal.outbox import PartRow
from runtime.attempt import attempt
from runtime.failpoints import reach
from runtime.links import signer
from runtime.shielded import shielded

SETTLED: Final = frozenset[PartState]({"sent", "delivered", "read", "failed", "unknown"})
CUT_OFF: Final = "cut off while sending"
REGULAR_BUDGET: Final = timedelta(seconds=40)
"""After so long a regular attempt ends between two parts, so that its own time limit never cuts one off."""

log = structlog.get_logger()


@activities.register
class Delivery(Activities):
    """The activity `deliver`."""

    def __init__(self, database: Database, channels: Mapping[str, Channel], file_url: Callable[[FileRef], str]) -> None:
        self._database = database
        self._channels = channels
        self._file_url = file_url

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        return cls(tools.database, tools.channels, signer(tools.settings, tools.key))

    @activity.defn(name=Deliver.activity)
    async def deliver(self, effect: Deliver) -> Delivered:
        """Commit and send, once per key, however often it is called.

        As a local activity it returns what may be tried again as `queued`; as a regular one it raises, so that
        Temporal retries visibly and shows the last error.
        """
        place = effect.events[-1] if effect.events else None
        if place is not None:
            bind_contextvars(seq=place.seq, card=place.card, flow=place.flow, version=place.version)
        try:
            async with self._database.write() as connection:
                committed = await turn.commit(connection, effect, now=datetime.now(UTC))
                reach("before_commit")
        except turn.Diverged as diverged:
            return Delivered(lost=await self._lost(effect, diverged))
        if committed.lost is not None:
            log.warning("conversation_taken_over", conversation=committed.lost.conversation_id)
        if committed.stale or committed.lost is not None:
            return Delivered(stale=committed.stale, lost=committed.lost)
        outcomes = await self._send_all(effect, committed.parts)
        log.info("turn_delivered", read=len(effect.consumed), events=len(effect.events), parts=len(effect.parts))
        found = committed.model_dump(include={"protocol", "entry", "known"})
        return Delivered(**found, parts=tuple(outcomes))

    async def _lost(self, effect: Deliver, diverged: turn.Diverged) -> Lost:
        async with self._database.read() as connection:
            found = await divergence.since(connection, effect)
        first = diverged.divergences[0].model_dump()
        log.error("journal_divergence", **first, since=effect.since, upto=found.upto, told_again=len(found.messages))
        return found

    async def _send_all(self, effect: Deliver, rows: Mapping[int, PartRow]) -> list[PartOutcome]:
        if not effect.parts:
            return []
        channel = self._channels.get(effect.account)
        if channel is None and effect.give_up:
            return [await self._give_up(self._outgoing(effect, part), rows[part.seq]) for part in effect.parts]
        if channel is None:  # retried until somebody has mended the settings
            raise NotSentError(f"accounts: expected {effect.account!r}, which has open conversations; found none")
        local = activity.info().is_local
        budget = LIMITS.local_delivery_budget if local else REGULAR_BUDGET
        started = time.monotonic()
        outcomes: list[PartOutcome] = []
        for number, part in enumerate(effect.parts):
            if number and time.monotonic() - started > budget.total_seconds():
                error: SendError | None = NotSentError("more parts than fit into one attempt", retry_after=timedelta())
            else:
                outcome, error = await self._part(channel, effect, part, rows[part.seq])
                outcomes.append(outcome)
            if error is not None:
                if not local:
                    raise error
                waiting = effect.parts[len(outcomes) :]
                return [*outcomes, *(PartOutcome(seq=later.seq, state="queued") for later in waiting)]
        return outcomes

    @shielded
    async def _part(
        self, channel: Channel, effect: Deliver, part: Part, row: PartRow
    ) -> tuple[PartOutcome, SendError | None]:
        """Bring one part as far as it goes; the error is there when trying again is safe.

        Whole: a conversation that no longer waits for it cancels the activity, and a call cut off is one in doubt.
        """
        if row.state in SETTLED:
            return PartOutcome(seq=part.seq, state=row.state, reason=row.reason), None
        outgoing = self._outgoing(effect, part)
        if row.state == "sending":
            return await self._cut_off(channel, effect, outgoing, row)
        if effect.give_up:
            return await self._give_up(outgoing, row), None
        return await self._send(channel, effect, outgoing, again=False)

    async def _cut_off(
        self, channel: Channel, effect: Deliver, outgoing: Outgoing, row: PartRow
    ) -> tuple[PartOutcome, SendError | None]:
        """Follow the channel's rule for a part of which another attempt was begun, once that is certainly over."""
        if (wait := row.under_way) > timedelta():
            under_way = NotSentError("another attempt may still be under way", retry_after=wait)
            return PartOutcome(seq=row.seq, state="queued", reason=str(under_way)), under_way
        try:
            receipt = await channel.reconcile(outgoing)
        except NotSentError as error:
            await self._settle(outgoing, "queued", reason=str(error))
            return await self._part(channel, effect, outgoing.part, row.model_copy(update={"state": "queued"}))
        if receipt is not None:
            return await self._settle(outgoing, receipt.state, receipt.external_id), None
        if channel.after_crash == "leave_unknown":
            return await self._settle(outgoing, "unknown", reason=CUT_OFF), None
        if effect.give_up:
            return await self._give_up(outgoing, row), None
        return await self._send(channel, effect, outgoing, again=channel.after_crash == "send_again")

    async def _give_up(self, outgoing: Outgoing, row: PartRow) -> PartOutcome:
        if row.state in SETTLED:
            return PartOutcome(seq=row.seq, state=row.state, reason=row.reason)
        if row.state == "sending":
            return await self._settle(outgoing, "unknown", reason=CUT_OFF)
        return await self._settle(outgoing, "failed", reason=row.reason or "given up")

    def _outgoing(self, effect: Deliver, part: Part) -> Outgoing:
        return Outgoing(
            conversation_id=effect.conversation_id,
            key=part_key(effect.conversation_id, part.seq),
            address=effect.address,
            part=part,
            file_url=self._file_url(part.file) if part.file else None,
        )

    async def _send(
        self, channel: Channel, effect: Deliver, outgoing: Outgoing, *, again: bool
    ) -> tuple[PartOutcome, SendError | None]:
        number = None
        if channel.after_crash != "harmless":
            async with self._database.write() as connection:
                noted = time.monotonic()  # before the database reads its clock: the attempt is over sooner than noted
                begun = await outbox.sending(
                    connection, effect.conversation_id, outgoing.part.seq, _certainly_over(channel), again=again
                )
            if begun.state != "sending" or begun.ambiguous:  # another attempt, cut off and still alive, was faster
                return await self._part(channel, effect, outgoing.part, begun)
            if time.monotonic() - noted > LIMITS.provider_call_start.total_seconds():
                late = NotSentError("it took too long to get as far as the call")
                return await self._settle(outgoing, "queued", reason=str(late), repeated=again), late
            number = begun.attempts
        return await self._call(channel, outgoing, again=again, number=number)

    async def _call(
        self, channel: Channel, outgoing: Outgoing, *, again: bool, number: int | None
    ) -> tuple[PartOutcome, SendError | None]:
        """Make the provider call, attempt *number*, and note its outcome."""
        reach("before_send")
        settle = partial(self._settle, outgoing)
        try:
            async with attempt(channel.settings.call_timeout):
                receipt = await channel.send(outgoing)
        except RefusedError as error:
            return await settle("failed", reason=str(error), repeated=again), None
        except AmbiguousSendError as error:
            if channel.after_crash == "leave_unknown":
                return await settle("unknown", reason=str(error), repeated=again, number=number), None
            marked = again or channel.after_crash == "send_again"
            return await settle("queued", reason=str(error), repeated=marked, number=number), error
        except (NotSentError, CredentialError) as error:
            return await settle("queued", reason=str(error), repeated=again), error
        reach("after_send_before_mark")
        return await settle(receipt.state, receipt.external_id, repeated=again, number=number), None

    async def _settle(
        self,
        outgoing: Outgoing,
        state: PartState,
        external_id: str = "",
        *,
        reason: str = "",
        repeated: bool = False,
        number: int | None = None,
    ) -> PartOutcome:
        async with self._database.write() as connection:
            await outbox.settle(
                connection,
                outgoing.conversation_id,
                outgoing.part.seq,
                state=state,
                external_id=external_id,
                reason=reason,
                now=datetime.now(UTC),
                marked=repeated,
                attempt=number,
            )
        return PartOutcome(seq=outgoing.part.seq, state=state, reason=reason)


def _certainly_over(channel: Channel) -> timedelta:
    """Return the time after its note at which an attempt is certainly over, even if its worker died."""
    call = timedelta(seconds=channel.settings.call_timeout)
    return LIMITS.provider_call_start + call + LIMITS.provider_call_margin
