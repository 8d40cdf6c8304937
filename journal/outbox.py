"""The outbox: messages to contacts, one row for each provider call, and how far each has come."""

from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import AwareDatetime
from sqlalchemy import (
    BigInteger,
    Boolean,
    Integer,
    String,
    bindparam,
    false,
    func,
    or_,
    select,
    type_coerce,
    update,
)

from domain.effect import Deliver
from domain.errors import UnknownNameError
from domain.message import Part, PartState
from domain.model import Value
from journal import early_reports
from journal.dialect import database_now, prepared, without_nul
from journal.early_reports import RANKS
from journal.tables import outbox
from journal.transaction import Transaction

_MILLISECOND: Final = timedelta(milliseconds=1)


class PartRow(Value):
    """One part, and how far it came."""

    conversation_id: str
    seq: int
    account: str
    channel: str
    address: str
    part: Part
    state: PartState
    attempts: int = 0
    external_id: str = ""
    reason: str = ""
    repeated: bool = False
    """It may have reached the contact twice."""
    sending_until: AwareDatetime | None = None
    """When the newest attempt is certainly over, by the database's clock."""
    read_at: AwareDatetime | None = None
    """When this row was read, by the same clock; None unless an attempt at it may be under way."""
    ambiguous: bool = False
    """An earlier attempt was begun, and nobody knows how it ended: the channel's rule decides."""

    @property
    def under_way(self) -> timedelta:
        """How long another attempt may still be under way; nothing when it is certainly over.

        Found in the fault run: a worker that Temporal had given up was still alive, and sent its message after the
        worker that had taken over had called it unknown and gone on.
        """
        if self.sending_until is None or self.read_at is None:
            return timedelta()
        return max(self.sending_until - self.read_at, timedelta())


async def enqueue(c: Transaction, deliver: Deliver, now: datetime) -> dict[int, PartRow]:
    """Store the parts of *deliver*, those not stored before as queued; return all of them by seq."""
    if not deliver.parts:
        return {}
    fresh: dict[str, Any] = {
        "conversation_id": deliver.conversation_id,
        "account": deliver.account,
        "channel": deliver.channel,
        "address": deliver.address,
        "state": "queued",
        "attempts": 0,
        "external_id": "",
        "reason": "",
        "repeated": False,
        "queued_at": now,
    }
    rows: list[dict[str, Any]] = [
        {**fresh, "seq": part.seq, "part": part.model_dump(mode="json")} for part in deliver.parts
    ]
    new = set((await c.execute(_ENQUEUE(c), rows)).scalars().all())
    queued = {row["seq"]: _found(row) for row in rows if row["seq"] in new}
    if len(new) == len(rows):
        return queued
    before = {"of": deliver.conversation_id, "seqs": [part.seq for part in deliver.parts if part.seq not in new]}
    return queued | {row["seq"]: _found(row) for row in (await c.execute(_NAMED, before)).mappings()}


async def sending(c: Transaction, conversation_id: str, seq: int, lasts: timedelta, *, again: bool = False) -> PartRow:
    """Note, before the provider call, that the queued part is being sent; return it. *lasts*: until it is over.

    A part that is not queued is returned as it is: settled, or `ambiguous`, and is not the caller's to send.
    When the channel's rule says to send it once more, *again* takes a part that is `sending` or `unknown`.
    """
    states = ["queued", "sending", "unknown"] if again else ["queued"]
    begun = {"of": conversation_id, "number": seq, "from_states": states, "lasts": lasts // _MILLISECOND}
    row = (await c.execute(_SEND, begun)).mappings().one_or_none()
    if row is not None:
        return PartRow.model_validate(dict(row))
    return _found(await _locked(c, conversation_id, seq))


async def settle(  # noqa: PLR0913 a part has this much to say at its end
    c: Transaction,
    conversation_id: str,
    seq: int,
    *,
    state: PartState,
    now: datetime,
    external_id: str = "",
    reason: str = "",
    marked: bool = False,
    attempt: int | None = None,
) -> None:
    """Note how an attempt ended; `queued` means that it is proven not sent. A part never goes down.

    *marked* marks it for good as one that the contact may have got twice; so does an *attempt* (its number) that may
    have reached the contact when a newer one was begun meanwhile. What the provider reported about *external_id*
    before this call is taken in.
    """
    which = {"of": conversation_id, "number": seq}
    learnt = {"known_as": external_id, "mark": marked, "attempt": attempt}
    if external_id:
        await early_reports.hold(c, external_id)
    row = (await c.execute(_SETTLE, which | learnt | _step(state, reason, now))).one_or_none()
    if row is None:  # it is further on
        row = (await c.execute(_LEARN, which | learnt)).one_or_none()
    if row is None:
        raise UnknownNameError(f"conversation {conversation_id!r} has no outbox part {seq}")
    account, reported = row
    early = await early_reports.take(c, account, external_id) if reported else None
    if early is not None:
        await c.execute(_SETTLE, which | learnt | _step(early["state"], early["reason"], now))


async def report(
    c: Transaction, account: str, external_id: str, state: PartState, reason: str, now: datetime
) -> PartRow | None:
    """Store a provider's report, maybe late, repeated or out of order, on the message *external_id*.

    Return the part; None when none has that id yet: the report is kept until one has.
    """
    await early_reports.hold(c, external_id)
    found = select(outbox.c.conversation_id, outbox.c.seq).where(
        outbox.c.account == account, outbox.c.external_id == external_id
    )
    key = (await c.execute(found.limit(1))).one_or_none()
    if key is None:
        await early_reports.keep(c, account, external_id, state, reason, now)
        return None
    learnt = {"known_as": "", "mark": False, "attempt": None}
    which = {"of": key[0], "number": key[1]}
    await c.execute(_SETTLE, which | learnt | _step(state, reason, now))
    return _found(await _locked(c, key[0], key[1]))


async def parts(c: Transaction, conversation_id: str) -> list[PartRow]:
    """Return the parts of a conversation, in order."""
    found = select(outbox).where(outbox.c.conversation_id == conversation_id).order_by(outbox.c.seq)
    return [_found(row) for row in (await c.execute(found)).mappings()]


async def unknown(c: Transaction, limit: int = 500) -> list[PartRow]:
    """Return the parts of which nobody knows whether they were sent, oldest first."""
    found = select(outbox).where(outbox.c.state == "unknown").order_by(outbox.c.queued_at).limit(limit)
    return [_found(row) for row in (await c.execute(found)).mappings()]


async def queue_again(c: Transaction, conversation_id: str, seq: int) -> PartRow:
    """Let a part in doubt be sent once more, marked as one that may arrive twice; UnknownNameError for any other."""
    row = await _in_doubt(c, conversation_id, seq)
    values = {"state": "queued", "repeated": True, "settled_at": None}
    await c.execute(update(outbox).where(_is(conversation_id, seq)).values(values))
    return _found(row | values)


async def doubt_again(c: Transaction, conversation_id: str, seq: int) -> None:
    """Take `queue_again` back for a part that nobody has begun to send."""
    queued = _is(conversation_id, seq) & (outbox.c.state == "queued")
    await c.execute(update(outbox).where(queued).values(state="unknown"))


async def give_up(c: Transaction, conversation_id: str, seq: int, *, reason: str, now: datetime) -> PartRow:
    """Let a part in doubt count as not delivered; UnknownNameError for any other."""
    row = await _in_doubt(c, conversation_id, seq)
    values = {"state": "failed", "reason": without_nul(reason), "settled_at": now}
    await c.execute(update(outbox).where(_is(conversation_id, seq)).values(values))
    return _found(row | values)


async def abandon(
    c: Transaction, conversation_id: str, reason: str, now: datetime, *, before: int | None = None
) -> None:
    """Settle the unsent parts of a conversation below seq *before*: queued ones fail, those being sent are unknown."""
    for unsettled, end in (("queued", "failed"), ("sending", "unknown")):
        given_up = update(outbox).where(outbox.c.conversation_id == conversation_id, outbox.c.state == unsettled)
        if before is not None:
            given_up = given_up.where(outbox.c.seq < before)
        await c.execute(given_up.values(state=end, reason=reason, settled_at=now))


async def counts(c: Transaction) -> dict[str, int]:
    """Return how many parts are in each state that any part is in."""
    counted = select(outbox.c.state, func.count()).group_by(outbox.c.state).order_by(outbox.c.state)
    return {row[0]: row[1] for row in await c.execute(counted)}


def _found(row: Any) -> PartRow:
    begun = row["state"] == "sending"
    return PartRow.model_validate({**row, "ambiguous": begun, "read_at": row.get("read_at") if begun else None})


def _is(conversation_id: str, seq: int) -> Any:
    return (outbox.c.conversation_id == conversation_id) & (outbox.c.seq == seq)


async def _locked(c: Transaction, conversation_id: str, seq: int) -> dict[str, Any]:
    found = select(outbox, _READ_AT).where(_is(conversation_id, seq)).with_for_update()
    row = (await c.execute(found)).mappings().one_or_none()
    if row is None:
        raise UnknownNameError(f"conversation {conversation_id!r} has no outbox part {seq}")
    return dict(row)


async def _in_doubt(c: Transaction, conversation_id: str, seq: int) -> dict[str, Any]:
    row = await _locked(c, conversation_id, seq)
    if row["state"] != "unknown":
        raise UnknownNameError(f"message {seq} of the conversation is {row['state']}, not in doubt")
    return row


def _step(state: PartState, reason: str, now: datetime) -> dict[str, Any]:
    """Return the parameters of `_SETTLE` that move a part to *state*, with the states it may come from."""
    below = [lower for lower, rank in RANKS.items() if rank < RANKS[state]]
    return {
        "from_states": ["sending"] if state == "queued" else below,
        "to": state,
        "because": without_nul(reason),
        "at": None if state == "queued" else now,
    }


_THIS: Final = (outbox.c.conversation_id == bindparam("of")) & (outbox.c.seq == bindparam("number"))
_FROM: Final = outbox.c.state.in_(bindparam("from_states", expanding=True))
_ENQUEUE: Final = prepared(outbox, lambda new: new.on_conflict_do_nothing().returning(outbox.c.seq))
_READ_AT: Final = database_now().label("read_at")
_NAMED: Final = select(outbox, _READ_AT).where(
    outbox.c.conversation_id == bindparam("of"), outbox.c.seq.in_(bindparam("seqs", expanding=True))
)
_SEND: Final = (
    update(outbox)
    .where(_THIS, _FROM)
    .values(
        state="sending",
        attempts=outbox.c.attempts + 1,
        sending_until=type_coerce(database_now(), BigInteger) + bindparam("lasts", None, BigInteger),
    )
    .returning(outbox)
)
_LEARNT: Final[dict[str, Any]] = {
    "external_id": func.coalesce(func.nullif(bindparam("known_as", None, String), ""), outbox.c.external_id),
    "repeated": or_(
        outbox.c.repeated,
        bindparam("mark", None, Boolean),
        func.coalesce(outbox.c.attempts > bindparam("attempt", None, Integer), false()),
    ),
}
_LEARN: Final = (
    update(outbox)
    .where(_THIS)
    .values(_LEARNT)
    .returning(outbox.c.account, early_reports.reported(outbox.c.account, bindparam("known_as")))
)
_SETTLE: Final = (
    update(outbox)
    .where(_THIS, _FROM)
    .values(state=bindparam("to"), reason=bindparam("because"), settled_at=bindparam("at"), **_LEARNT)
    .returning(outbox.c.account, early_reports.reported(outbox.c.account, bindparam("known_as")))
)
