"""Removal of old data: chosen by age, removed in batches, never of an open conversation.

An inbox row is what tells a repeat of a message from a new one, so it stays longer than any provider repeats. What
opened a conversation (`opening`) stays at least as long as the inbox rows that it read: one without the other would
let a late repeat open the conversation again. See docs/production.md.
"""

from collections.abc import AsyncGenerator, Mapping
from datetime import datetime, timedelta
from typing import Final

from pydantic import AwareDatetime
from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, or_, select, tuple_

from domain.model import Value
from journal.database import Database
from journal.tables import (
    contact,
    conversation,
    conversation_tag,
    early_report,
    ended_session,
    inbox,
    journal,
    lane,
    opening,
    outbox,
    route,
    session_link,
)
from journal.transaction import Transaction
from runtime.sections import RetentionSection

BATCH: Final = 500
"""Rows, or conversations, that one transaction removes: others wait for it."""
LONGEST_TOKEN: Final = timedelta(days=30)
"""The most that `session_hours` of an account can be: a token outlives no longer the end of its session."""
_TOLD_APART: Final = timedelta(days=1)
"""For so long, a link that was used is told from one that never was."""
_SETTLED: Final = ("sent", "delivered", "read", "failed")


class Cutoffs(Value):
    """The moments before which each kind of thing is old."""

    inbox: AwareDatetime
    outbox: AwareDatetime
    journal: AwareDatetime
    early_report: AwareDatetime
    files: AwareDatetime
    now: AwareDatetime

    @classmethod
    def at(cls, now: datetime, periods: RetentionSection) -> "Cutoffs":
        """Return the cut-offs that *periods* make at *now*."""
        days = periods.model_dump()
        periods_ = [name for name in cls.model_fields if name != "now"]
        return cls(now=now, **{name: now - timedelta(days=days[f"{name}_days"]) for name in periods_})


def old(cutoffs: Cutoffs) -> Mapping[Table, ColumnElement[bool]]:
    """Return the removable rows of each table, in the order of removal."""
    return {
        inbox: _read_long_ago(cutoffs),
        outbox: _settled_long_ago(cutoffs),
        conversation: _told_long_ago(cutoffs),
        early_report: early_report.c.reported_at < cutoffs.early_report,
        contact: _met_long_ago(cutoffs),
        lane: _EMPTY,
        session_link: session_link.c.until < cutoffs.now - _TOLD_APART,
        ended_session: ended_session.c.ended_at < cutoffs.now - LONGEST_TOKEN,
    }


async def count(c: Transaction, cutoffs: Cutoffs) -> dict[str, int]:
    """Return how many rows of each table may go now; nothing is removed."""
    counted = {table.name: select(func.count()).select_from(table).where(of) for table, of in old(cutoffs).items()}
    return {name: await c.scalar(number) or 0 for name, number in counted.items()}


async def remove(database: Database, cutoffs: Cutoffs, batch: int = BATCH) -> AsyncGenerator[tuple[str, int]]:
    """Remove the rows; yields the table and the number of rows after each batch, which is a transaction."""
    for table, of in old(cutoffs).items():
        while True:
            async with database.write() as c:
                gone = await _remove(c, table, of, batch)
            if not gone:
                break
            yield table.name, gone


async def _remove(c: Transaction, table: Table, of: ColumnElement[bool], batch: int) -> int:
    key = list(table.primary_key.columns)
    found = (await c.execute(select(*key).where(of).limit(batch).with_for_update(of=table, skip_locked=True))).all()
    if not found:
        return 0
    if table is conversation:
        ids = [row[0] for row in found]
        for part in (journal, outbox, opening, conversation_tag, route, conversation):
            await c.execute(delete(part).where(part.c.conversation_id.in_(ids)))
        return len(ids)
    # Asked again now that the rows are locked: an arrival enters its lane before anybody can see its inbox row.
    done = await c.execute(delete(table).where(tuple_(*key).in_([tuple(row) for row in found]), of))
    return done.rowcount


async def oldest_open(c: Transaction) -> datetime | None:
    """Return when the conversation was opened that has been open longest; None when none is open."""
    opened: datetime | None = await c.scalar(
        select(func.min(conversation.c.opened_at)).where(conversation.c.stage != "ended")
    )
    return opened


def _ended(before: datetime) -> ColumnElement[bool]:
    return and_(conversation.c.stage == "ended", conversation.c.ended_at < before)


def _read_long_ago(cutoffs: Cutoffs) -> ColumnElement[bool]:
    reader = exists().where(
        conversation.c.conversation_id == inbox.c.consumed_by_conversation, conversation.c.stage == "ended"
    )
    read = and_(inbox.c.state == "consumed", inbox.c.consumed_at < cutoffs.inbox, reader)
    return or_(read, and_(inbox.c.state == "dead", inbox.c.received_at < cutoffs.journal))


def _settled_long_ago(cutoffs: Cutoffs) -> ColumnElement[bool]:
    ended = exists().where(conversation.c.conversation_id == outbox.c.conversation_id, conversation.c.stage == "ended")
    return and_(outbox.c.state.in_(_SETTLED), outbox.c.settled_at < cutoffs.outbox, ended)


def _told_long_ago(cutoffs: Cutoffs) -> ColumnElement[bool]:
    """Nothing of it is undecided, and no inbox row stays that it has read."""
    this = conversation.c.conversation_id
    undecided = exists().where(outbox.c.conversation_id == this, outbox.c.state.not_in(_SETTLED))
    still_there = exists().where(inbox.c.consumed_by_conversation == this, inbox.c.consumed_at >= cutoffs.inbox)
    return and_(_ended(cutoffs.journal), ~undecided, ~still_there)


def _met_long_ago(cutoffs: Cutoffs) -> ColumnElement[bool]:
    same = and_(conversation.c.account == contact.c.account, conversation.c.address == contact.c.address)
    waits = exists().where(
        inbox.c.account == contact.c.account, inbox.c.address == contact.c.address, inbox.c.state != "consumed"
    )
    return and_(contact.c.last_seen_at < cutoffs.journal, ~exists().where(same, ~_told_long_ago(cutoffs)), ~waits)


_EMPTY: Final = and_(lane.c.message_id.is_(None), ~exists().where(inbox.c.workflow_id == lane.c.workflow_id))
"""A lane in which nobody stands: its next arrival makes it anew."""
