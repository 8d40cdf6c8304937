"""Send a message again, or give it up, after a crash left its delivery unknown."""

from datetime import UTC, datetime
from typing import Final

from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError

from domain.effect import Deliver
from domain.errors import OperatorError
from journal import audit, conversations, outbox
from journal.outbox import PartRow
from runtime.polling import poll
from runtime.settings import Settings
from runtime.temporal_names import REDELIVERY, TASK_QUEUE
from usecases import store
from usecases.temporal_client import reached

SENT: Final = 10.0
"""Seconds in which a working provider takes a message."""


async def resend(settings: Settings, key: str, reason: str, by: str) -> str:
    """Have a worker send the message *key* once more; return the outcome in words."""
    conversation_id, seq = await _named(settings, key)
    by = by or store.current_user()
    async with reached(settings) as client:
        async with store.opened(settings) as database, database.write() as c:
            part = await outbox.queue_again(c, conversation_id, seq)
            now = datetime.now(UTC)
            await audit.append(c, by=by, action="outbox resend", subject=key, reason=reason, now=now, data={})
        try:
            await client.start_workflow(
                REDELIVERY,
                _effect(part),
                id=f"redelivery:{conversation_id}:{seq}",
                task_queue=TASK_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                static_summary=f"{by} has message {key} sent again",
            )
        except RPCError:
            async with store.opened(settings) as database, database.write() as c:
                await outbox.doubt_again(c, conversation_id, seq)
            raise
    return f"message {key} {await _outcome(settings, conversation_id, seq)}"


async def give_up(settings: Settings, key: str, reason: str, by: str) -> str:
    """Let the message *key* count as not delivered."""
    conversation_id, seq = await _named(settings, key)
    by, now = by or store.current_user(), datetime.now(UTC)
    async with store.opened(settings) as database, database.write() as c:
        because = f"given up by {by}" + (f": {reason}" if reason else "")
        await outbox.give_up(c, conversation_id, seq, reason=because, now=now)
        await audit.append(c, by=by, action="outbox give-up", subject=key, reason=reason, now=now, data={})
    return f"message {key} counts as not delivered"


async def _named(settings: Settings, key: str) -> tuple[str, int]:
    name, _, seq = key.rpartition(":")
    if not name or not seq.isdigit():
        raise OperatorError(f"expected PROTOCOL:NUMBER, as `prosa outbox unknown` names messages; found {key!r}")
    async with store.opened(settings) as database, database.read() as c:
        return (await conversations.get(c, name)).conversation_id, int(seq)


def _effect(part: PartRow) -> Deliver:
    return Deliver(
        conversation_id=part.conversation_id,
        account=part.account,
        channel=part.channel,
        address=part.address,
        parts=(part.part,),
        repeatable=False,
    )


async def _outcome(settings: Settings, conversation_id: str, seq: int) -> str:
    async def outcome() -> str | None:
        async with store.opened(settings) as database, database.read() as c:
            [part] = [part for part in await outbox.parts(c, conversation_id) if part.seq == seq]
        if part.state not in {"queued", "sending"}:
            return f"is {part.state}" + (f": {part.reason}" if part.reason else "")
        return None

    return await poll(outcome, seconds=SENT) or "is queued; a worker sends it as soon as the provider takes it"
