"""The end of the journal: the contacts whose conversations have grown."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import select

from journal.tables import conversation, journal
from journal.transaction import Transaction

TAIL: Final = 512
"""Rows that are looked at."""


async def tail(c: Transaction) -> Mapping[int, str]:
    """Return the ids of the newest rows, and the conversation of each."""
    rows = select(journal.c.id, journal.c.conversation_id).order_by(journal.c.id.desc()).limit(TAIL)
    return {int(row.id): str(row.conversation_id) for row in await c.execute(rows)}


async def contacts(c: Transaction, conversations: Collection[str]) -> set[tuple[str, str]]:
    """Return account and address of each of the *conversations*."""
    found = select(conversation.c.account, conversation.c.address)
    rows = await c.execute(found.where(conversation.c.conversation_id.in_(conversations)).distinct())
    return {(str(row.account), str(row.address)) for row in rows}
