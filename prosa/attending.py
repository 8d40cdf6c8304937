"""Acting for the people to whom a conversation was passed: taking it, answering the contact, saying that it is done."""

import asyncio
from typing import Final, Literal

from domain.conversation import SIGNAL_ACT
from domain.errors import OperatorError
from domain.event import EventKind
from domain.people import Act
from journal import conversations
from prosa import acting, auditing, ending, store, story
from prosa.temporal_client import reached
from runtime.settings import Settings

DONE: Final[dict[str, EventKind]] = {
    "take": "agent_joined",
    "say": "message_sent",
    "resolve": "handover_resolved",
}
"""The event by which each act shows."""


async def act(settings: Settings, name: str, kind: Literal["take", "say", "resolve"], text: str, by: str) -> str:
    """Act in the conversation called *name*, which is with people; say what became of it."""
    if kind == "say" and not text.strip():
        raise OperatorError("there is nothing to say: TEXT is empty")
    row = await ending.open_one(settings, name)
    async with reached(settings) as client:
        state = await acting.state_of(client, row)
        if state.handover is None:
            raise OperatorError(f"conversation {row.protocol} is not with people: its stage is {state.stage}")
        done = Act(kind=kind, by=by or store.who(), text=text, handover=state.handover)
        await auditing.note(settings, f"conversation {kind}", row.protocol, by=done.by, reason="", queue=state.queue)
        await client.get_workflow_handle(row.workflow_id).signal(SIGNAL_ACT, done)
    deadline = asyncio.get_running_loop().time() + acting.HEARD
    while asyncio.get_running_loop().time() < deadline:
        async with store.opened(settings) as database, database.read() as c:
            later = await conversations.events(c, row.conversation_id, state.seq)
        if found := [event for event in later if event.kind == DONE[kind] and event.data.get("by") == done.by]:
            return f"{row.protocol}: {story.tell(found)[0].text}"
        if any(event.kind == "exit_taken" for event in later):
            return f"{row.protocol} has left its queue meanwhile; `prosa conversation show` says how"
        await asyncio.sleep(0.1)
    return f"{row.protocol} has been told, and has not done it yet; `prosa doctor` says whether a worker is there"
