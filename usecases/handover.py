"""Agents' actions in a handover: take a conversation, answer its contact, resolve it."""

from datetime import datetime
from typing import Final, Literal

from domain.errors import OperatorError
from domain.event import EventKind
from domain.people import Act
from journal import conversations
from journal.conversations import ConversationRow
from runtime.polling import poll
from runtime.settings import Settings
from runtime.temporal_names import SIGNAL_ACT
from runtime.wording import moment
from usecases import auditing, interventions, narration, store
from usecases.conversations import by_name
from usecases.temporal_client import reached

DONE: Final[dict[str, EventKind]] = {
    "take": "agent_joined",
    "say": "message_sent",
    "resolve": "handover_resolved",
}
"""The event of each act."""


async def act(settings: Settings, name: str, kind: Literal["take", "say", "resolve"], text: str, by: str) -> str:
    """Act in the conversation *name*, which is with agents; return the outcome in words."""
    if kind == "say" and not text.strip():
        raise OperatorError("there is nothing to say: TEXT is empty")
    row = await _with_people(settings, name)
    by = by or store.current_user()
    if kind == "take" and row.agent:
        return _taken(row.protocol, row.agent, row.agent_since, by)
    async with reached(settings) as client:
        state = await interventions.state_of(client, row)
        if state.handover is None:
            resolved = await _resolved(settings, row)
            raise OperatorError(f"conversation {row.protocol} is not with people: its stage is {state.stage}{resolved}")
        done = Act(kind=kind, by=by, text=text, handover=state.handover)
        await auditing.note(settings, f"conversation {kind}", row.protocol, by=done.by, reason="", queue=state.queue)
        await client.get_workflow_handle(row.workflow_id).signal(SIGNAL_ACT, done)

    async def outcome() -> str | None:
        async with store.opened(settings) as database, database.read() as c:
            later = await conversations.events(c, row.conversation_id, state.seq)
        if found := [event for event in later if event.kind == DONE[kind] and event.data.get("by") == done.by]:
            return f"{row.protocol}: {narration.tell(found)[0].text}{_besides(kind, row, by)}"
        if kind == "take" and (joined := [event for event in later if event.kind == "agent_joined"]):
            return _taken(row.protocol, str(joined[0].data.get("by")), joined[0].at, by)
        if any(event.kind == "exit_taken" for event in later):
            return f"{row.protocol} has left its queue meanwhile; `prosa conversation show` says how"
        return None

    not_yet = f"{row.protocol} has been told, and has not done it yet; `prosa doctor` says whether a worker is there"
    return await poll(outcome, seconds=interventions.HEARD) or not_yet


async def _with_people(settings: Settings, name: str) -> ConversationRow:
    """Return the conversation *name*; OperatorError, with a remedy, when it has ended."""
    row = await by_name(settings, name)
    if row.stage != "ended":
        return row
    how = f"conversation {row.protocol} ended at {moment(row.ended_at)}: {row.resolution}"
    again = f"`prosa conversation open {row.account} {row.address} --flow NAME` begins another"
    raise OperatorError(f"{how}{await _resolved(settings, row)}; {again}")


async def _resolved(settings: Settings, row: ConversationRow) -> str:
    """Return the agent who last resolved it, and the time, in words."""
    async with store.opened(settings) as database, database.read() as c:
        events = await conversations.events(c, row.conversation_id)
    done = [event for event in events if event.kind == "handover_resolved"]
    return f"; {done[-1].data.get('by')} has resolved it at {moment(done[-1].at)}" if done else ""


def _taken(protocol: str, agent: str, since: datetime | None, by: str) -> str:
    """Say that *by* has the conversation already; OperatorError when somebody else has."""
    if agent != by:
        raise OperatorError(f"{agent} has conversation {protocol} since {moment(since)}")
    return f"{protocol}: you have it already, since {moment(since)}"


def _besides(kind: str, row: ConversationRow, by: str) -> str:
    if row.agent in {"", by}:
        return ""
    if kind == "resolve":
        return f"\n  {row.agent} had it, since {moment(row.agent_since)}"
    return f"\n  but {row.agent} has it since {moment(row.agent_since)}: the contact hears several of you"
