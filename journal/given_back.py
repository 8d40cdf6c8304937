"""Messages that a workflow has heard and cannot keep: they go back into the inbox, and are forwarded again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, or_, select, update

from journal.inbox import occupy
from journal.tables import inbox, lane
from journal.transaction import Transaction


async def give_back(
    c: Transaction, workflow_id: str, message_ids: Sequence[str], *, now: datetime, until: datetime
) -> int | None:
    """Let unconsumed messages be forwarded again, in order with those behind them, but nothing before *until*.

    Return their number; None, so that nothing has changed, while somebody else forwards to *workflow_id*.
    """
    mine = f"given back: {workflow_id}"
    held = (await c.execute(_HOLDER, {"of": workflow_id})).one_or_none()
    if held is not None and held.busy_until is not None and held.busy_until > now and held.owner != mine:
        return None
    await occupy(c, workflow_id, message_id=message_ids[0], owner=mine, until=until)
    number = 0
    for first in range(0, len(message_ids), _AT_ONCE):
        some = {"messages": message_ids[first : first + _AT_ONCE]}
        number += len((await c.scalars(_GIVE_BACK, some)).all())
    return number


_AT_ONCE: Final = 500
_HOLDER: Final = select(lane.c.busy_until, lane.c.owner).where(lane.c.workflow_id == bindparam("of")).with_for_update()
_GIVE_BACK: Final = (
    update(inbox)
    .where(
        inbox.c.message_id.in_(bindparam("messages", expanding=True)),
        or_(inbox.c.state == "received", inbox.c.state == "forwarded"),
    )
    .values(state="received", next_forward_at=None)
    .returning(inbox.c.id)
)
