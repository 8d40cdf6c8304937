"""The invariants of the store after any failure (I1, I2, I7 and I8), checked on the data."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import and_, func, or_, select

from journal import projections
from journal.tables import conversation, inbox, journal, opening, outbox
from journal.transaction import Transaction


async def check(c: Transaction) -> list[str]:
    """Return a sentence for everything that is not as it must be once all is quiet, ids included.

    It reads the whole store: for the end of a fault run, not for production under load.
    """
    return [
        *await holes(c),
        *await unread(c),
        *await misread(c),
        *await unsent(c),
        *await misprojected(c),
    ]


async def holes(c: Transaction) -> list[str]:
    """I2: the events of each conversation are numbered 1, 2, 3..."""
    lowest, highest, count = func.min(journal.c.seq), func.max(journal.c.seq), func.count()
    found = (
        select(journal.c.conversation_id, lowest, highest, count)
        .group_by(journal.c.conversation_id)
        .having(or_(lowest != 1, highest != count))
        .order_by(journal.c.conversation_id)
    )
    return [
        f"conversation {row[0]}: {row[3]} events are numbered from {row[1]} to {row[2]}"
        for row in await c.execute(found)
    ]


async def unread(c: Transaction) -> list[str]:
    """I1: everything that was acknowledged has been read by a conversation, or buried with its error."""
    found = select(inbox.c.message_id, inbox.c.workflow_id, inbox.c.state, inbox.c.attempts, inbox.c.last_error)
    found = found.where(inbox.c.state.not_in(["consumed", "dead"])).order_by(inbox.c.id)
    return [
        f"inbox message {row[0]} of {row[1]} is {row[2]} after {row[3]} attempts, last error {row[4]!r}"
        for row in await c.execute(found)
    ]


async def misread(c: Transaction) -> list[str]:
    """I1, I2: each event that was read stands in the journal once, where the inbox says, in its order."""
    of_inbox = select(inbox.c.message_id, inbox.c.id, inbox.c.consumed_by_conversation, inbox.c.state)
    arrived = {row[0]: row for row in await c.execute(of_inbox)}
    query = select(journal.c.conversation_id, journal.c.seq, journal.c.data, journal.c.kind)
    query = query.where(journal.c.kind.in_(["message_received", "conversation_initiated", "event_received"]))
    rows = (await c.execute(query.order_by(journal.c.conversation_id, journal.c.seq))).all()
    read = [(row[0], row[1], str(row[2].get("message_id"))) for row in rows]
    said = {str(row[2].get("message_id")) for row in rows if row[3] != "event_received"}
    times = Counter(message_id for _, _, message_id in read)
    wrong = [f"inbox message {message_id} was read {count} times" for message_id, count in times.items() if count > 1]
    wrong += [
        f"inbox message {message_id} is consumed by conversation {row[2]} and not in the journal"
        for message_id, row in arrived.items()
        if row[3] == "consumed" and message_id not in times
    ]
    wrong += [
        f"conversation {reader} seq {seq}: read message {message_id}, which "
        + ("is not in the inbox" if message_id not in arrived else f"conversation {arrived[message_id][2]} consumed")
        for reader, seq, message_id in read
        if message_id not in arrived or arrived[message_id][2] != reader
    ]
    # An event may wait for its card while messages are read.
    return wrong + _disordered((reader, seq, arrived[e][1]) for reader, seq, e in read if e in arrived and e in said)


async def unsent(c: Transaction) -> list[str]:
    """I7: everything that was said has a part, and each part came to an end that is known or marked."""
    same = and_(outbox.c.conversation_id == journal.c.conversation_id, outbox.c.seq == journal.c.seq)
    without = (
        select(journal.c.conversation_id, journal.c.seq)
        .outerjoin(outbox, same)
        .where(journal.c.kind == "message_sent", outbox.c.seq.is_(None))
    )
    open_ended = select(outbox.c.conversation_id, outbox.c.seq, outbox.c.state, outbox.c.attempts)
    open_ended = open_ended.where(outbox.c.state.in_(["queued", "sending"]))
    return [
        *[f"part {row[0]}:{row[1]} was said and never queued" for row in await c.execute(without)],
        *[
            f"part {row[0]}:{row[1]} is {row[2]} after {row[3]} attempts"
            for row in await c.execute(open_ended.order_by(outbox.c.conversation_id, outbox.c.seq))
        ],
    ]


async def misprojected(c: Transaction) -> list[str]:
    """I8: the table of conversations equals the projection of the journal."""
    live = {row["conversation_id"]: dict(row) for row in (await c.execute(select(conversation))).mappings()}
    protocols = {row[0]: row[1] for row in await c.execute(select(opening.c.conversation_id, opening.c.protocol))}
    events = (await c.execute(select(journal).order_by(journal.c.conversation_id, journal.c.seq))).mappings()
    rebuilt: dict[str, dict[str, Any]] = {}
    for event in events:
        name = event["conversation_id"]
        before = rebuilt.get(name) or projections.beginning(protocols.get(name, ""))
        rebuilt[name] = projections.advance(before, dict(event))
    return [
        f"conversation {name}: the table says {_difference(live.get(name), rebuilt.get(name))}"
        for name in sorted(live.keys() | rebuilt.keys())
        if live.get(name) != rebuilt.get(name)
    ]


def _disordered(read: Iterable[tuple[str, int, int]]) -> list[str]:
    wrong: list[str] = []
    last: tuple[str, int, int] = ("", 0, 0)
    for reader, seq, inbox_id in read:
        if reader == last[0] and inbox_id < last[2]:
            wrong.append(f"conversation {reader}: seq {seq} was received before seq {last[1]}")
        last = (reader, seq, inbox_id)
    return wrong


def _difference(live: Mapping[str, Any] | None, rebuilt: Mapping[str, Any] | None) -> str:
    if live is None or rebuilt is None:
        return "nothing" if live is None else "what the journal does not tell"
    columns = [name for name in live if live[name] != rebuilt.get(name)]
    return ", ".join(f"{name} is {live[name]!r} and not {rebuilt.get(name)!r}" for name in columns)
