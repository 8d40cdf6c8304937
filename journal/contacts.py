"""Known facts about contacts, kept beside their messages and found again when they come back."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select

from domain.contact import Known
from domain.effect import Deliver
from journal.dialect import prepared
from journal.tables import contact
from journal.transaction import Transaction


async def known(c: Transaction, account: str, address: str) -> Known:
    """Return the known facts about the contact with *address*."""
    found = await c.scalar(_KNOWN, {"on": account, "at": address})
    return Known() if found is None else Known.model_validate(found)


async def learn(c: Transaction, deliver: Deliver, now: datetime) -> None:
    """Keep the facts that the turn *deliver* has learnt about its contact."""
    before = await c.scalar(_KNOWN.with_for_update(), {"on": deliver.account, "at": deliver.address})
    after = Known.model_validate(before or {}).updated(deliver.learnt)
    row = {
        "account": deliver.account,
        "address": deliver.address,
        "channel": deliver.channel,
        "name": "",
        "first_seen_at": now,
        "last_seen_at": now,
        "known": after.model_dump(mode="json", exclude_defaults=True),
    }
    await c.execute(_LEARN(c), row)


_KNOWN: Final = select(contact.c.known).where(
    contact.c.account == bindparam("on"), contact.c.address == bindparam("at")
)
_LEARN: Final = prepared(
    contact,
    lambda new: new.on_conflict_do_update(
        index_elements=[contact.c.account, contact.c.address], set_={"known": new.excluded.known}
    ),
)
