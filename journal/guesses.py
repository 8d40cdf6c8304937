"""Wrong tokens that were brought to the company's doors, by door and source."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func, select

from journal import allowances
from journal.tables import allowance
from journal.transaction import Transaction

_PURPOSE: Final = "guess:"


class Guesser(NamedTuple):
    """A source of wrong tokens."""

    door: str
    source: str
    """Its network address."""
    minutes: int
    """In how many different minutes it tried."""
    last_at: datetime


async def note(c: Transaction, door: str, source: str, now: datetime) -> None:
    """Note that *source* has brought a wrong token to *door* in this minute."""
    await allowances.note(c, f"{_PURPOSE}{door}", source, f"{now:%Y-%m-%dT%H:%M}", now)


async def since(c: Transaction, moment: datetime, most: int) -> list[Guesser]:
    """Return the *most* persistent sources since then, by door."""
    minutes = func.count().label("minutes")
    found = (
        select(allowance.c.purpose, allowance.c.subject, minutes, func.max(allowance.c.at))
        .where(allowance.c.purpose.startswith(_PURPOSE, autoescape=True), allowance.c.at >= moment)
        .group_by(allowance.c.purpose, allowance.c.subject)
        .order_by(minutes.desc())
        .limit(most)
    )
    return [
        Guesser(purpose.removeprefix(_PURPOSE), source, count, at)
        for purpose, source, count, at in await c.execute(found)
    ]
