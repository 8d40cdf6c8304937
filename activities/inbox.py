"""Give messages back to the inbox."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from domain.effect import GiveBack, GivenBack
from domain.errors import OperatorError
from journal import given_back
from journal.database import Database
from runtime.polling import poll

HOLD: Final = timedelta(seconds=2)
"""How long nothing is forwarded to the workflow afterwards: by then it has begun the run that hears it."""
WAIT: Final = 8.0
"""Seconds to wait for what is being forwarded: longer than a gateway's lease."""


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
        """Have the messages told again; OperatorError, to be tried again, while others are being forwarded."""

        async def given() -> int | None:
            return await self._given(effect.workflow_id, effect.message_ids)

        number = await poll(given, seconds=WAIT, pause=0.02)
        if number is None:
            raise OperatorError(f"{effect.workflow_id!r} is being told of messages without a pause")
        return GivenBack(messages=number)

    async def _given(self, workflow_id: str, message_ids: Sequence[str]) -> int | None:
        now = datetime.now(UTC)
        async with self._database.write() as c:
            return await given_back.give_back(c, workflow_id, message_ids, now=now, until=now + HOLD)
