"""How many customers a contact, and the visitors of one network address, may look up."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.call import CallErp
from domain.keys import keyed_hash
from journal import allowances
from journal.allowances import Allowance
from journal.database import Database

CONTACT: Final = Allowance(most=5, within=timedelta(days=1))
"""Different customers that one contact, or session of the web chat, may look up."""
ORIGIN: Final = Allowance(most=60, within=timedelta(hours=1))
"""Different customers that visitors of one network address may look up: many may share one."""

MayLookUp = Callable[[CallErp], Awaitable[bool]]
"""Says whether a look-up may be made, and counts it."""


class Lookups:
    """Counts look-ups in the database, under hashes keyed with the installation's *key*."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._database = database
        self._key = key

    async def may(self, effect: CallErp) -> bool:
        """Say whether the contact may look this customer up; who was looked up today may be again."""
        said = "".join(sign for value in effect.arguments.values() for sign in str(value) if sign.isalnum())
        item = keyed_hash(self._key, "lookup", effect.connection, said.casefold())
        now = datetime.now(UTC)
        async with self._database.write() as connection:
            asker = await allowances.asker(connection, effect.key.partition(":")[0])
            if asker is None:
                return True
            by = keyed_hash(self._key, "contact", asker.account, asker.address)
            if not await allowances.take(connection, "lookup", by, item, CONTACT, now):
                return False
            return not asker.origin or await allowances.take(connection, "lookup", asker.origin, item, ORIGIN, now)
