"""Messages that a workflow has heard and cannot keep: they go back into the inbox, and are forwarded again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import AwareDatetime
from sqlalchemy import bindparam, or_, select, update

from domain.model import Value
from journal.inbox import occupy
from journal.tables import inbox, lane
from journal.transaction import Transaction


class UnderWay(Value):
    """A message that somebody is forwarding at this moment."""

    message_id: str
    """Empty when nobody knows which it is."""
    until: AwareDatetime
    """When that is over, whatever becomes of it."""


async def hold(c: Transaction, workflow_id: str, message_id: str, *, now: datetime, until: datetime) -> UnderWay | None:
    """Have nothing more be forwarded to *workflow_id* before *until*; *message_id* will be the first then.

    Return the message that is under way already, if there is one: to be waited for.
    """
    held = (await c.execute(_HOLDER, {"of": workflow_id})).one_or_none()
    under_way = None
    if held is not None and held.message_id and held.busy_until > now and held.owner != _done(workflow_id):
        seen = held.owner != _holding(workflow_id)  # else an earlier attempt has, and died
        under_way = UnderWay(message_id=held.message_id if seen else "", until=held.busy_until)
    await occupy(c, workflow_id, message_id=message_id, owner=_holding(workflow_id), until=until)
    return under_way


async def is_over(c: Transaction, under_way: UnderWay, now: datetime) -> bool:
    """Return whether the message has been forwarded, or given up."""
    if under_way.until <= now:
        return True
    return bool(under_way.message_id) and await c.scalar(_STATE, {"message": under_way.message_id}) != "received"


async def give_back(c: Transaction, workflow_id: str, message_ids: Sequence[str], *, until: datetime) -> int:
    """Let unconsumed messages be forwarded again, in order with those behind them, but nothing before *until*.

    The lane is held: see `hold`. Return their number.
    """
    await occupy(c, workflow_id, message_id=message_ids[0], owner=_done(workflow_id), until=until)
    number = 0
    for first in range(0, len(message_ids), _AT_ONCE):
        some = {"messages": message_ids[first : first + _AT_ONCE]}
        number += len((await c.scalars(_GIVE_BACK, some)).all())
    return number


def _holding(workflow_id: str) -> str:
    return f"giving back: {workflow_id}"


def _done(workflow_id: str) -> str:
    return f"given back: {workflow_id}"


_AT_ONCE: Final = 500
_HOLDER: Final = (
    select(lane.c.busy_until, lane.c.owner, lane.c.message_id)
    .where(lane.c.workflow_id == bindparam("of"))
    .with_for_update()
)
_STATE: Final = select(inbox.c.state).where(inbox.c.message_id == bindparam("message"))
_GIVE_BACK: Final = (
    update(inbox)
    .where(
        inbox.c.message_id.in_(bindparam("messages", expanding=True)),
        or_(inbox.c.state == "received", inbox.c.state == "forwarded"),
    )
    .values(state="received", next_forward_at=None)
    .returning(inbox.c.id)
)
