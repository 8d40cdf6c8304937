"""The doctor's queries about conversations and their events."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from domain.conversation import Stage
from journal.conversations import ConversationRow
from journal.tables import conversation, inbox, journal
from journal.transaction import Transaction


class OpenOne(NamedTuple):
    """A conversation that has not ended."""

    protocol: str
    stage: Stage


class Circle(NamedTuple):
    """A question of an open conversation that has heard answer after answer."""

    protocol: str
    flow: str
    card: str
    answers: int


async def open_rows(c: Transaction, most: int) -> list[ConversationRow]:
    """Return the open conversations: the *most* that opened last, and as many of the oldest."""
    found: dict[str, ConversationRow] = {}
    for order in (conversation.c.opened_at.desc(), conversation.c.opened_at):
        rows = select(conversation).where(conversation.c.stage != "ended").order_by(order).limit(most)
        for row in (await c.execute(rows)).mappings():
            found[row["conversation_id"]] = ConversationRow.model_validate(dict(row))
    return list(found.values())


async def unheard_since_end(c: Transaction, before: datetime, most: int) -> list[ConversationRow]:
    """Return the conversations that ended, and whose workflow was told of a message before then that nobody read."""
    unread = select(inbox.c.workflow_id).where(inbox.c.state == "forwarded", inbox.c.received_at <= before)
    newer = conversation.alias()
    newest = select(func.max(newer.c.opened_at)).where(newer.c.workflow_id == conversation.c.workflow_id)
    found = (
        select(conversation)
        .where(conversation.c.workflow_id.in_(unread), conversation.c.stage == "ended")
        .where(conversation.c.opened_at == newest.scalar_subquery())
        .limit(most)
    )
    return [ConversationRow.model_validate(dict(row)) for row in (await c.execute(found)).mappings()]


async def open_among(c: Transaction, conversation_ids: Collection[str]) -> dict[str, OpenOne]:
    """Return those of *conversation_ids* that have not ended, by id."""
    found = select(conversation.c.conversation_id, conversation.c.protocol, conversation.c.stage)
    found = found.where(conversation.c.conversation_id.in_(conversation_ids), conversation.c.stage != "ended")
    return {name: OpenOne(protocol, stage) for name, protocol, stage in await c.execute(found)}


async def recent_events(c: Transaction, kind: str, since: datetime, most: int) -> list[Mapping[str, Any]]:
    """Return the newest events of *kind* since then, *most* of them, the oldest first; keys are the columns."""
    found = select(journal).where(journal.c.kind == kind, journal.c.at >= since)
    newest = found.order_by(journal.c.at.desc(), journal.c.id.desc()).limit(most)
    return [dict(row) for row in reversed((await c.execute(newest)).mappings().all())]


async def circles(c: Transaction, least: int, most: int) -> list[Circle]:
    """Return *most* questions that have heard *least* answers or more in an open conversation, most answers first."""
    heard = func.count().label("heard")
    found = (
        select(conversation.c.protocol, journal.c.flow, journal.c.card, heard)
        .join(journal, journal.c.conversation_id == conversation.c.conversation_id)
        .where(conversation.c.stage != "ended", conversation.c.turns >= least)
        .where(journal.c.kind.in_(["answer_refused", "question_answered"]))
        .group_by(conversation.c.protocol, journal.c.flow, journal.c.card)
        .having(heard >= least)
        .order_by(heard.desc())
        .limit(most)
    )
    return [Circle(*row) for row in await c.execute(found)]


async def newest_times(c: Transaction, most: int) -> list[tuple[datetime, datetime]]:
    """Return (at, recorded_at) of the newest events: when they happened by Temporal's clock, and by a worker's."""
    newest = select(journal.c.at, journal.c.recorded_at).order_by(journal.c.id.desc()).limit(most)
    return [(at, recorded_at) for at, recorded_at in await c.execute(newest)]
