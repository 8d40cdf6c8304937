"""Conversations as the command line and the console look at them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, get_args

from pydantic import AwareDatetime
from sqlalchemy import Select, and_, case, delete, func, or_, select

from domain.conversation import Priority, Stage
from domain.errors import UnknownNameError
from domain.event import Event
from domain.events.conversations import ConversationTerminated
from domain.model import Value
from journal.events import JournalRow, read, record
from journal.outbox import PartRow, abandon, parts
from journal.tables import conversation, conversation_tag, journal, opening, route
from journal.transaction import Transaction

__all__ = ["ConversationRow", "JournalRow", "PartRow", "events", "find", "get", "parts", "terminated"]

events = read

URGENCY: Final = case({name: rank for rank, name in enumerate(get_args(Priority))}, value=conversation.c.priority)
"""How soon people should look at a conversation, as a number."""

_NAMED = 3
_IN_A_QUEUE: Final = (URGENCY.desc(), conversation.c.queued_at)


class ConversationRow(Value):
    """Where one conversation stands; flow, version, number and card are those it is in."""

    conversation_id: str
    protocol: str
    account: str
    channel: str
    address: str
    name: str
    workflow_id: str
    flow: str
    flow_version: str
    flow_number: int
    card: str | None
    stage: Stage
    opened_at: AwareDatetime
    ended_at: AwareDatetime | None
    resolution: str | None
    last_seq: int
    last_at: AwareDatetime
    turns: int
    """Messages of the contact that it has read."""
    tags: tuple[str, ...] = ()
    priority: Priority = "normal"
    queue: str = ""
    """Queue where it waits, or has waited, for agents."""
    queued_at: AwareDatetime | None = None
    """Since when it is with people."""
    said: str = ""
    """Last message of the contact while the conversation is with agents; of a file, its name."""
    note: str = ""
    """The note for the agents who have it, or for whom it waits."""
    agent: str = ""
    """The agent who has it; empty as long as it waits."""
    agent_since: AwareDatetime | None = None
    survey: str | None = None
    """Scale of the survey that was asked."""
    score: int | None = None
    """The contact's score."""


async def find(c: Transaction, *, limit: int = 50, **filters: Any) -> list[ConversationRow]:
    """Return the conversations that have all that is given (`matching`), the newest first.

    In a queue, the most urgent comes first, and among those who waits longest.
    """
    first = _IN_A_QUEUE if filters.get("stage") == "queue" else (conversation.c.opened_at.desc(),)
    ordered = matching(**filters).order_by(*first, conversation.c.conversation_id).limit(limit)
    rows = [ConversationRow.model_validate(dict(row)) for row in (await c.execute(ordered)).mappings()]
    return await _with_people(c, await _at_their_cards(c, rows))


async def count(c: Transaction, **filters: Any) -> int:
    """Return how many conversations have all that is given (`matching`)."""
    return await c.scalar(select(func.count()).select_from(matching(**filters).subquery())) or 0


def matching(  # noqa: PLR0913 one argument a column that people look by
    *,
    address: str | None = None,
    account: str | None = None,
    flow: str | None = None,
    stage: str | None = None,
    priority: str | None = None,
    resolution: str | None = None,
    tag: str | None = None,
    protocol: str | None = None,
    contact: str | None = None,
    opened_after: datetime | None = None,
    opened_before: datetime | None = None,
    quiet_since: datetime | None = None,
) -> Select[Any]:
    """Return the query for the conversations that have all that is given.

    *protocol* is how one begins, *contact* a part of a name or an address, in any case.
    """
    filters = {"address": address, "account": account, "flow": flow, "stage": stage, "priority": priority}
    filters["resolution"] = resolution
    found = select(conversation).where(
        *(conversation.c[column] == value for column, value in filters.items() if value is not None)
    )
    if protocol is not None:
        found = found.where(conversation.c.protocol.startswith(protocol, autoescape=True))
    if contact is not None:
        columns = (conversation.c.name, conversation.c.address)
        found = found.where(or_(*(column.icontains(contact, autoescape=True) for column in columns)))
    if opened_after is not None:
        found = found.where(conversation.c.opened_at >= opened_after)
    if opened_before is not None:
        found = found.where(conversation.c.opened_at <= opened_before)
    if quiet_since is not None:
        found = found.where(conversation.c.last_at <= quiet_since)
    if tag is not None:
        tagged = select(conversation_tag.c.conversation_id).where(conversation_tag.c.tag == tag)
        found = found.where(conversation.c.conversation_id.in_(tagged))
    return found


async def get(c: Transaction, name: str) -> ConversationRow:
    """Return the conversation whose id or protocol is *name*, or alone begins with it.

    UnknownNameError when there is none, or more than one.
    """
    exact = or_(conversation.c.conversation_id == name, conversation.c.protocol == name)
    begins = or_(
        conversation.c.conversation_id.startswith(name, autoescape=True),
        conversation.c.protocol.startswith(name, autoescape=True),
    )
    for condition in (exact, begins):
        found = select(conversation).where(condition).order_by(conversation.c.protocol).limit(_NAMED + 1)
        rows = (await c.execute(found)).mappings().all()
        if len(rows) == 1:
            here = await _at_their_cards(c, [ConversationRow.model_validate(dict(rows[0]))])
            return (await _with_people(c, here))[0]
        if rows:
            named = ", ".join(row["protocol"] or row["conversation_id"] for row in rows[:_NAMED])
            more = " and others" if len(rows) > _NAMED else ""
            raise UnknownNameError(f"{name!r} could be any of the conversations {named}{more}")
    raise UnknownNameError(f"no conversation has the id or protocol {name!r}, or one that begins with it")


async def count_open(c: Transaction) -> int:
    """Return how many conversations have not ended."""
    return await c.scalar(select(func.count()).where(conversation.c.stage != "ended")) or 0


async def _at_their_cards(c: Transaction, rows: list[ConversationRow]) -> list[ConversationRow]:
    """Return *rows*; those that have gone on to a card which has written nothing yet, at that card."""
    asked = [row.conversation_id for row in rows if row.stage != "ended"]
    if not asked:
        return rows
    theirs = and_(journal.c.conversation_id == conversation.c.conversation_id, journal.c.seq == conversation.c.last_seq)
    last = select(journal.c.conversation_id, journal.c.data).join(conversation, theirs)
    left = last.where(journal.c.conversation_id.in_(asked), journal.c.kind.in_(("exit_taken", "keyword_heard")))
    gone = {of: {"card": data["target"]} for of, data in await c.execute(left) if "target" in data}
    return [row.model_copy(update=gone.get(row.conversation_id, {})) for row in rows]


async def _with_people(c: Transaction, rows: list[ConversationRow]) -> list[ConversationRow]:
    """Return *rows*; those with agents also hold the contact's last message, the note and the agent's name."""
    asked = [row.conversation_id for row in rows if row.queue]
    if not asked:
        return rows
    seen = select(journal.c.conversation_id, journal.c.kind, journal.c.at, journal.c.data).where(
        journal.c.conversation_id.in_(asked), journal.c.kind.in_(("handed_over", "agent_joined"))
    )
    details: dict[str, dict[str, Any]] = {}
    for of, kind, at, data in await c.execute(seen.order_by(journal.c.conversation_id, journal.c.seq)):
        if kind == "handed_over":
            details[of] = {"note": data.get("note", "")}
        else:
            details[of] = details.get(of, {}) | {"agent": data["by"], "agent_since": at}
    for of, data in await c.execute(_heard_last(asked)):
        details[of] = details.get(of, {}) | {"said": _words(data)}
    return [row.model_copy(update=details.get(row.conversation_id, {})) for row in rows]


def _heard_last(of: list[str]) -> Select[Any, Any]:
    """Return the query for the last message to each of these conversations."""
    heard = journal.alias()
    last = select(func.max(heard.c.seq)).where(
        heard.c.conversation_id == journal.c.conversation_id, heard.c.kind == "message_received"
    )
    mine = journal.c.conversation_id.in_(of)
    return select(journal.c.conversation_id, journal.c.data).where(mine, journal.c.seq == last.scalar_subquery())


def _words(message: Mapping[str, Any]) -> str:
    files = (file["name"] for file in message.get("files") or ())
    return str(message.get("text") or message.get("choice") or ", ".join(files))


async def terminated(c: Transaction, conversation_id: str, by: str, reason: str, now: datetime) -> Event | None:
    """Write down that somebody ended a conversation whose workflow is dead; None when it had ended before.

    Its route goes. What it had still to say is failed; what was being said, unknown.
    """
    held = select(opening.c.chain).where(opening.c.conversation_id == conversation_id)
    await c.execute(held.with_for_update())
    row = await get(c, conversation_id)
    await c.execute(delete(route).where(route.c.workflow_id == row.workflow_id))
    await abandon(c, conversation_id, "conversation terminated", now)
    if row.stage == "ended":
        return None
    highest = select(func.max(journal.c.seq)).where(journal.c.conversation_id == conversation_id)
    ending = ConversationTerminated(by=by, reason=reason)
    event = Event(seq=(await c.scalar(highest) or 0) + 1, kind=ending.kind, at=now, data=ending.data)
    await record(c, conversation_id, [event], now)
    return event
