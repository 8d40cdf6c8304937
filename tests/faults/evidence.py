"""Everything that a run leaves behind: what was said, what the store holds, what the providers received."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Table, select

from domain.keys import message_id
from journal import check
from journal.tables import conversation, inbox, journal, outbox
from journal.transaction import Transaction
from tests.faults.cluster import Cluster
from tests.faults.customers import Provider, Talk
from tests.faults.workflow_status import WorkflowStatus, statuses

Row = Mapping[str, Any]


class Call(NamedTuple):
    """One request that a provider had from us."""

    key: str
    address: str
    text: str
    status: int
    taken: bool
    """Whether a contact has seen it."""


class Evidence(NamedTuple):
    """The input of the checker; rows in the order of their ids."""

    talks: Sequence[Talk]
    acked: frozenset[str]
    """Ids of the messages that the gateway has answered with 200."""
    refused: Sequence[str]
    inbox: Sequence[Row]
    journal: Sequence[Row]
    outbox: Sequence[Row]
    conversations: Sequence[Row]
    calls: Sequence[Call]
    statuses: Mapping[str, WorkflowStatus]
    store: Mapping[str, Sequence[str]]
    """What `journal.check` finds, by the name of its invariant."""
    copies: int
    """Second copies that the ERP has issued."""
    accidents: Sequence[str]
    diverged: Sequence[str]
    """Log lines that say: a turn was written again with another content."""


async def gather(cluster: Cluster, provider: Provider, talks: Sequence[Talk]) -> Evidence:
    """Return what there is now; for the end of a run, when all is quiet."""
    async with cluster.database.read() as connection:
        tables = {table.name: await _rows(connection, table) for table in (inbox, journal, outbox, conversation)}
        found = {
            "I2 seq is dense": await check.holes(connection),
            "I1 everything received was read": await check.unread(connection),
            "I1 I2 read once, in order": await check.misread(connection),
            "I7 everything said came to an end": await check.unsent(connection),
            "I8 the projection is the journal's": await check.misprojected(connection),
        }
    return Evidence(
        talks=talks,
        acked=frozenset(message_id(said.account, "message", said.id) for said in provider.taken),
        refused=provider.refused,
        inbox=tables["inbox"],
        journal=tables["journal"],
        outbox=tables["outbox"],
        conversations=tables["conversation"],
        calls=[_call(call) for call in await cluster.received()],
        statuses=await statuses(cluster.client),
        store=found,
        copies=await cluster.copies(),
        accidents=cluster.accidents,
        diverged=cluster.grep("journal_divergence"),
    )


async def _rows(connection: Transaction, table: Table) -> list[Row]:
    order = [table.c.id] if "id" in table.c else list(table.primary_key)
    return [dict(row) for row in (await connection.execute(select(table).order_by(*order))).mappings()]


def _call(call: Mapping[str, Any]) -> Call:
    body: Mapping[str, Any] = call["body"]
    return Call(call["key"], body.get("to", ""), body.get("text", ""), call["status"], call["taken"])
