"""The inbox: messages of contacts, stored once each, and forwarded to conversations in order, one at a time.

The rows of one workflow stand in its lane. Whoever forwards one of them holds the lane until it is done or
its lease has passed; so a conversation gets its messages in the order of the inbox, however many gateways run.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import AwareDatetime
from sqlalchemy import and_, bindparam, case, exists, func, or_, select, update

from domain import keys
from domain.limits import LIMITS
from domain.message import Inbound
from domain.model import Value
from journal.dialect import prepared, without_nul
from journal.tables import contact, inbox, lane, route
from journal.transaction import Transaction


class InboxItem(Value):
    """A message that a provider delivered, before it has a row in the inbox."""

    account: str
    channel: str
    kind: str = "message"
    provider_message_id: str
    workflow_id: str
    address: str
    name: str = ""
    payload: Inbound
    received_at: AwareDatetime


class ReceiveResult(Value):
    """Whether a message was new; `claimed` says that the caller shall forward it now."""

    message_id: str
    new: bool
    claimed: bool


class ClaimedItem(Value):
    """A row that the caller shall forward before its lease passes."""

    message_id: str
    account: str
    channel: str
    address: str
    name: str
    payload: Inbound
    workflow_id: str
    attempts: int


class Dead(Value):
    """A row that was given up, and why."""

    account: str
    address: str
    name: str
    received_at: AwareDatetime
    payload: Inbound
    last_error: str


async def receive(c: Transaction, item: InboxItem, *, owner: str, lease: timedelta, now: datetime) -> ReceiveResult:
    """Store *item* unless it is a repeat, and claim it for *owner* if nothing goes before it.

    The payload is stored under the message id computed here. Several items in one transaction must come
    sorted by workflow_id (a stable sort), or two such transactions may wait for each other.
    """
    message_id = keys.message_id(item.account, item.kind, item.provider_message_id)
    # Locks the lane until the transaction ends, so that ids rise in the order of commits.
    busy_until: datetime | None = (await c.execute(_ENTER(c), {"workflow_id": item.workflow_id})).scalar_one()
    row_id: int | None = (await c.execute(_STORE(c), _stored(item, message_id))).scalar_one_or_none()
    if row_id is None:
        return ReceiveResult(message_id=message_id, new=False, claimed=False)
    if item.payload.source != "system":
        await c.execute(_MEET(c), _met(item))
    claimed = (busy_until is None or busy_until <= now) and not await c.scalar(
        _OLDER, {"of": item.workflow_id, "than": row_id}
    )
    if claimed:
        await occupy(c, item.workflow_id, message_id=message_id, owner=owner, until=now + lease)
    return ReceiveResult(message_id=message_id, new=True, claimed=claimed)


async def enter(c: Transaction, workflow_id: str) -> None:
    """Lock the lane of *workflow_id* until the transaction ends: nothing arrives in it meanwhile."""
    await c.execute(_ENTER(c), {"workflow_id": workflow_id})


async def workflow_for(c: Transaction, account: str, address: str) -> str | None:
    """Return the workflow that talks to *address* (in clear), None when there is no route to one."""
    workflow_id: str | None = await c.scalar(_ROUTE, {"from_account": account, "from_address": address})
    return workflow_id


async def claim(
    c: Transaction,
    workflow_id: str,
    *,
    owner: str,
    lease: timedelta,
    now: datetime,
    again_before: datetime | None = None,
) -> ClaimedItem | None:
    """Claim for *owner* the oldest row of *workflow_id* to forward; None when there is none, or the lane is busy.

    A row that was forwarded but not consumed is forwarded again once its time, as `forwarded` set it, is at
    or before *again_before* (by default *now*). While LIMITS.told rows are forwarded and not consumed, no further one
    is: the lane rests for a moment.
    """
    busy_until: datetime | None = await c.scalar(_HELD, {"of": workflow_id})
    if busy_until is not None and busy_until > now:
        return None
    row = (await c.execute(_OLDEST, {"of": workflow_id, "again_before": again_before or now})).mappings().one_or_none()
    if row is None:
        return None
    if row["state"] == "received" and (await c.execute(_TOLD, {"of": workflow_id})).scalar_one() >= LIMITS.told:
        await c.execute(_REST, {"of": workflow_id, "until": now + _WHILE})
        return None
    await occupy(c, workflow_id, message_id=row["message_id"], owner=owner, until=now + lease)
    return ClaimedItem.model_validate(dict(row))


async def forwarded(c: Transaction, again_at: Mapping[str, datetime], *, now: datetime) -> None:
    """Note that workflows have been signalled; an event that stays unconsumed is due again at its *again_at*.

    What arrived meanwhile was not claimed by its receiver: `claim` what is `behind`, best in this transaction.
    The messages come sorted by workflow_id, as `receive` wants its items.
    """
    await c.execute(_LEAVE, [{"message": message_id, "until": None} for message_id in again_at])
    await c.execute(
        _FORWARDED, [{"message": message_id, "at": now, "again_at": at} for message_id, at in again_at.items()]
    )


async def behind(c: Transaction, workflow_ids: Sequence[str], *, now: datetime) -> list[str]:
    """Return those of *workflow_ids* with something to forward now, sorted."""
    return sorted((await c.scalars(_BEHIND, {"of": workflow_ids, "again_before": now})).all())


async def release(c: Transaction, message_id: str, *, error: str, again_at: datetime) -> None:
    """Note that forwarding failed: the lane, this row first, waits until *again_at*."""
    await _leave(c, message_id, busy_until=again_at)
    await c.execute(
        _unconsumed(message_id).values(
            last_error=without_nul(error), next_forward_at=again_at, attempts=inbox.c.attempts + 1
        )
    )


async def let_go(c: Transaction, owner: str) -> None:
    """Free the lanes that *owner* holds, so that others may forward its claimed messages at once."""
    await c.execute(_LET_GO, {"by": owner})


async def bury(c: Transaction, message_id: str, error: str) -> None:
    """Give the row up: it is dead, and those behind it may go on."""
    await _leave(c, message_id, busy_until=None)
    await c.execute(_unconsumed(message_id).values(state="dead", last_error=without_nul(error)))


async def dead(c: Transaction, limit: int = 500) -> list[Dead]:
    """Return the messages that were given up, the oldest first."""
    found = select(inbox).where(inbox.c.state == "dead").order_by(inbox.c.id).limit(limit)
    return [Dead.model_validate(dict(row)) for row in (await c.execute(found)).mappings()]


async def waiting(c: Transaction, *, now: datetime, limit: int) -> list[str]:
    """Return the workflows with something to forward now, those that wait longest first."""
    free = or_(lane.c.busy_until.is_(None), lane.c.busy_until <= now)
    due = (
        select(inbox.c.workflow_id)
        .join(lane, lane.c.workflow_id == inbox.c.workflow_id)
        .where(_to_forward(now), free)
        .group_by(inbox.c.workflow_id)
        .order_by(func.min(inbox.c.id))
        .limit(limit)
    )
    return list((await c.scalars(due)).all())


def _to_forward(again_before: Any) -> Any:
    again = and_(inbox.c.state == "forwarded", inbox.c.next_forward_at <= again_before)
    return or_(inbox.c.state == "received", again)


def _unconsumed(message_id: Any) -> Any:
    # The workflow may have read the message before its signaller gets to say that it was forwarded.
    unread = or_(inbox.c.state == "received", inbox.c.state == "forwarded")  # no IN: it does not run many at once
    return update(inbox).where(inbox.c.message_id == message_id, unread)


def _stored(item: InboxItem, message_id: str) -> dict[str, Any]:
    payload = item.payload.model_copy(update={"message_id": message_id})
    return item.model_dump(exclude={"payload"}) | {
        "message_id": message_id,
        "address": without_nul(item.address),
        "name": without_nul(item.name),
        "payload": payload.model_dump(mode="json"),
        "state": "received",
        "attempts": 0,
        "last_error": "",
    }


def _met(item: InboxItem) -> dict[str, Any]:
    return {
        "account": item.account,
        "address": without_nul(item.address),
        "channel": item.channel,
        "name": without_nul(item.name),
        "first_seen_at": item.received_at,
        "last_seen_at": item.received_at,
    }


async def occupy(c: Transaction, workflow_id: str, *, message_id: str, owner: str, until: datetime) -> None:
    """Hold the lane of *workflow_id* for *owner*, who has to do with that message, until then."""
    await c.execute(_OCCUPY, {"of": workflow_id, "message": message_id, "by": owner, "until": until})


async def _leave(c: Transaction, message_id: str, *, busy_until: datetime | None) -> None:
    """Free the lane, or hold it until *busy_until*, unless another row of it was claimed meanwhile."""
    await c.execute(_LEAVE, {"message": message_id, "until": busy_until})


_ROUTE: Final = select(route.c.workflow_id).where(
    route.c.account == bindparam("from_account"), route.c.address == bindparam("from_address")
)
_ENTER: Final = prepared(
    lane,
    lambda new: new.on_conflict_do_update(
        index_elements=[lane.c.workflow_id], set_={"workflow_id": new.excluded.workflow_id}
    ).returning(lane.c.busy_until),
)
_STORE: Final = prepared(inbox, lambda new: new.on_conflict_do_nothing().returning(inbox.c.id))
_MEET: Final = prepared(
    contact,
    lambda new: new.on_conflict_do_update(
        index_elements=[contact.c.account, contact.c.address],
        set_={
            "name": case((new.excluded.name != "", new.excluded.name), else_=contact.c.name),
            "last_seen_at": new.excluded.last_seen_at,
        },
    ),
)
_OLDER: Final = select(
    exists().where(inbox.c.workflow_id == bindparam("of"), inbox.c.state == "received", inbox.c.id < bindparam("than"))
)
_HELD: Final = select(lane.c.busy_until).where(lane.c.workflow_id == bindparam("of")).with_for_update()
_OLDEST: Final = (
    select(inbox)
    .where(inbox.c.workflow_id == bindparam("of"), _to_forward(bindparam("again_before")))
    .order_by(inbox.c.id)
    .limit(1)
)
_TOLD: Final = select(func.count()).where(inbox.c.workflow_id == bindparam("of"), inbox.c.state == "forwarded")
_REST: Final = (
    update(lane)
    .where(lane.c.workflow_id == bindparam("of"))
    .values(message_id=None, owner=None, busy_until=bindparam("until"))
)
_WHILE: Final = timedelta(milliseconds=500)
_BEHIND: Final = (
    select(inbox.c.workflow_id)
    .where(inbox.c.workflow_id.in_(bindparam("of", expanding=True)), _to_forward(bindparam("again_before")))
    .distinct()
)
_OCCUPY: Final = (
    update(lane)
    .where(lane.c.workflow_id == bindparam("of"))
    .values(message_id=bindparam("message"), owner=bindparam("by"), busy_until=bindparam("until"))
)
_LET_GO: Final = (
    update(lane).where(lane.c.owner == bindparam("by"), lane.c.busy_until.is_not(None)).values(busy_until=None)
)
_LEAVE: Final = (
    update(lane)
    .where(
        lane.c.workflow_id
        == select(inbox.c.workflow_id).where(inbox.c.message_id == bindparam("message")).scalar_subquery(),
        lane.c.message_id == bindparam("message"),
    )
    .values(message_id=None, owner=None, busy_until=bindparam("until"))
)
_FORWARDED: Final = _unconsumed(bindparam("message")).values(
    state="forwarded",
    forwarded_at=bindparam("at"),
    next_forward_at=bindparam("again_at"),
    attempts=inbox.c.attempts + 1,
)
