"""Reports of providers that come before it has been noted how the call ended: kept until it is."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, exists

from domain.message import RANK, PartState
from journal.dialect import insert, lock, without_nul
from journal.tables import early_report
from journal.transaction import Transaction

RANKS: Final = RANK | {"failed": RANK["sent"] + 0.5}
"""A failure counts until the message is known to have been delivered."""


async def hold(c: Transaction, external_id: str) -> None:
    """Let one transaction at a time deal with the message that a provider calls *external_id*."""
    await lock(c, f"report:{external_id}")


def reported(account: ColumnElement[str], external_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a report on that message is kept."""
    return exists().where(early_report.c.account == account, early_report.c.external_id == external_id)


async def keep(c: Transaction, account: str, external_id: str, state: PartState, reason: str, now: datetime) -> None:
    """Keep a report, unless a later state has been reported before."""
    known = await take(c, account, external_id)
    if known is not None and RANKS[state] <= RANKS[known["state"]]:
        state, reason = known["state"], known["reason"]
    await c.execute(
        insert(c, early_report).values(
            account=account, external_id=external_id, state=state, reason=without_nul(reason), reported_at=now
        )
    )


async def take(c: Transaction, account: str, external_id: str) -> dict[str, Any] | None:
    """Return the report that is kept, its `state` and `reason`, and keep it no longer; None when there is none."""
    row = (await c.execute(_TAKE, {"to_account": account, "known_as": external_id})).mappings().one_or_none()
    return None if row is None else dict(row)


_TAKE: Final = (
    early_report.delete()
    .where(early_report.c.account == bindparam("to_account"), early_report.c.external_id == bindparam("known_as"))
    .returning(early_report.c.state, early_report.c.reason)
)
