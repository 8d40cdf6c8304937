"""The table `conversation`: one row that says where each conversation stands, made from its journal."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, select, update

from domain.status import Status
from journal.dialect import insert, prepared
from journal.tables import conversation, conversation_tag, journal, opening
from journal.transaction import Transaction

_BATCH = 200


async def apply(c: Transaction, conversation_id: str, new: Sequence[Mapping[str, Any]] = ()) -> None:
    """Bring the row of *conversation_id* up to its journal, as far as `seq` has no hole.

    *new* are events that have just been written: when they follow on what is known, the journal is not read again.
    """
    row = (await c.execute(_KNOWN, {"of": conversation_id})).mappings().one_or_none()
    known = 0 if row is None else row["last_seq"]
    events = new
    if row is None or [event["seq"] for event in new] != list(range(known + 1, row["highest"] + 1)):
        unread = await c.execute(_UNREAD, {"of": conversation_id, "after": known})
        events = [dict(event) for event in unread.mappings()]
    protocol = await c.scalar(_PROTOCOL, {"of": conversation_id}) if row is None else None
    state = beginning(protocol or "") if row is None else {column.name: row[column.name] for column in conversation.c}
    for event in events:
        if event["seq"] != state["last_seq"] + 1:
            break
        state = advance(state, event)
    if state["last_seq"] == known or "opened_at" not in state:
        return
    await _index_tags(c, conversation_id, [] if row is None else row["tags"], state["tags"])
    if row is None:
        await c.execute(_TELL(c), state)
        return
    changed = {column: value for column, value in state.items() if value != row[column]}
    await c.execute(_MOVE, {"of": conversation_id, "upto": state["last_seq"], **changed})


async def rebuild(c: Transaction) -> int:
    """Make the table anew from the journal; return the number of conversations. Nothing may write meanwhile."""
    await c.execute(delete(conversation))
    await c.execute(delete(conversation_tag))
    last = ""
    count = 0
    while True:
        ids = select(journal.c.conversation_id).where(journal.c.conversation_id > last).distinct()
        batch = (await c.scalars(ids.order_by(journal.c.conversation_id).limit(_BATCH))).all()
        if not batch:
            return count
        for conversation_id in batch:
            await apply(c, conversation_id)
        last = batch[-1]
        count += len(batch)


def beginning(protocol: str) -> dict[str, Any]:
    """Return what is known of a conversation before its first event."""
    return {"last_seq": 0, "protocol": protocol}


def advance(state: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row after *event*, the next of its journal; a pure function."""
    data: Mapping[str, Any] = event["data"]
    after = {**state, "last_seq": event["seq"], "last_at": event["at"]}
    if event["kind"] == "conversation_opened":
        after |= _opened(event, data)
    if "opened_at" not in after:
        return after
    if event["kind"] == "flow_entered":
        after |= _stands_in(after, data["flow"], data["version"], data.get("number", 0))
    elif event["flow"] is not None:
        after |= _stands_in(after, event["flow"], event["version"] or "", None)
    if event["card"] is not None:
        after["card"] = event["card"]
    if event["kind"] == "message_received":
        after["turns"] += 1
    after |= _standing(after).after(event["kind"], data)._asdict()
    after["queued_at"] = (after["queued_at"] or event["at"]) if after["queue"] else None
    if event["kind"] in {"survey_asked", "survey_answered"}:
        after |= {"survey": data["survey"], "score": data.get("score")}
    if event["kind"] == "conversation_repaired":
        after |= _repaired(data)
    if event["kind"] in {"conversation_ended", "conversation_terminated"}:
        after |= {"ended_at": event["at"], "resolution": data.get("resolution", "terminated")}
    return after


async def _index_tags(c: Transaction, conversation_id: str, before: list[str], after: list[str]) -> None:
    if gone := set(before) - set(after):
        mine = conversation_tag.c.conversation_id == conversation_id
        await c.execute(delete(conversation_tag).where(mine, conversation_tag.c.tag.in_(sorted(gone))))
    if new := sorted(set(after) - set(before)):
        rows = [{"conversation_id": conversation_id, "tag": tag} for tag in new]
        await c.execute(insert(c, conversation_tag).on_conflict_do_nothing(), rows)


def _standing(row: Mapping[str, Any]) -> Status:
    return Status(**{name: row[name] for name in Status._fields})


def _opened(event: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "conversation_id": event["conversation_id"],
        "account": data["account"],
        "channel": data["channel"],
        "address": data["address"],
        "name": data.get("name", ""),
        "workflow_id": data.get("workflow_id", ""),
        "flow": data["flow"],
        "flow_version": "",
        "flow_number": 0,
        "flow_numbers": {},
        "card": None,
        "stage": "bot",
        "opened_at": event["at"],
        "ended_at": None,
        "resolution": None,
        "turns": 0,
        "tags": [],
        "priority": "normal",
        "queue": "",
        "queued_at": None,
        "survey": None,
        "score": None,
    }


def _repaired(data: Mapping[str, Any]) -> dict[str, Any]:
    """Let it stand where the workflow stands; an end that was lost is none."""
    again = {name: data[name] for name in Status._fields if name in data}
    return again if data["stage"] == "ended" else again | {"ended_at": None, "resolution": None}


def _stands_in(after: Mapping[str, Any], flow: str, version: str, number: int | None) -> dict[str, Any]:
    """Only `flow_entered` tells the number of a version: it is remembered for when a called flow comes back."""
    numbers: dict[str, int] = after["flow_numbers"]
    if number is not None:
        numbers = {**numbers, version: number}
    return {
        "flow": flow,
        "flow_version": version,
        "flow_number": numbers.get(version, 0),
        "flow_numbers": numbers,
    }


_HIGHEST: Final = select(func.max(journal.c.seq)).where(journal.c.conversation_id == bindparam("of"))
_KNOWN: Final = (
    select(conversation, _HIGHEST.scalar_subquery().label("highest"))
    .where(conversation.c.conversation_id == bindparam("of"))
    .with_for_update(of=conversation)
)
_UNREAD: Final = (
    select(journal)
    .where(journal.c.conversation_id == bindparam("of"), journal.c.seq > bindparam("after"))
    .order_by(journal.c.seq)
)
_PROTOCOL: Final = select(opening.c.protocol).where(opening.c.conversation_id == bindparam("of"))
_TELL: Final = prepared(conversation)
_MOVE: Final = update(conversation).where(
    conversation.c.conversation_id == bindparam("of"), conversation.c.last_seq < bindparam("upto")
)
