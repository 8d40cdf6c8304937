"""Give messages back to the inbox."""

from datetime import UTC, datetime, timedelta
from typing import Final, Self

from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from domain.effect import GiveBack, GivenBack
from journal import given_back
from journal.database import Database
from journal.given_back import UnderWay
from runtime.polling import poll

HOLD: Final = timedelta(seconds=2)
"""How long nothing is forwarded to the workflow afterwards: by then it has begun the run that hears it."""
WAIT: Final = timedelta(seconds=8)
"""How long nothing is forwarded at most before that: longer than a gateway takes with one message."""


@activities.register
class Inbox(Activities):
    """The activity `give_back`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        return cls(tools.database)

    @activity.defn(name=GiveBack.activity)
    async def give_back(self, effect: GiveBack) -> GivenBack:
        """Have the messages told again, before whatever has not been told yet, and after what is being told now."""
        under_way = await self._hold(effect)
        if under_way is not None:
            await poll(lambda: self._over(under_way), seconds=WAIT.total_seconds(), pause=0.02)
        async with self._database.write() as c:
            until = datetime.now(UTC) + HOLD
            number = await given_back.give_back(c, effect.workflow_id, effect.message_ids, until=until)
        return GivenBack(messages=number)

    async def _hold(self, effect: GiveBack) -> UnderWay | None:
        now = datetime.now(UTC)
        async with self._database.write() as c:
            return await given_back.hold(c, effect.workflow_id, effect.message_ids[0], now=now, until=now + WAIT)

    async def _over(self, under_way: UnderWay) -> bool | None:
        async with self._database.read() as c:
            return await given_back.is_over(c, under_way, datetime.now(UTC)) or None
