"""Queues, as the settings have them and as they stand: both change, histories do not."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Self

from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from domain.effect import FindPlace, FindQueue
from domain.errors import UnknownNameError
from domain.estimate import estimate
from domain.limits import LIMITS
from domain.people import Place, Queue
from journal import queues
from journal.database import Database


@activities.register
class Queues(Activities):
    """The activities `find_queue` and `find_place`."""

    def __init__(self, known: Mapping[str, Queue], database: Database) -> None:
        self._known = known
        self._database = database

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        return cls(tools.settings.known_queues, tools.database)

    @activity.defn(name=FindQueue.activity)
    async def find_queue(self, effect: FindQueue) -> Queue:
        """Return the queue; UnknownNameError when there is none of that name."""
        if effect.queue not in self._known:
            raise UnknownNameError(f"{effect.queue!r} is not one of the queues: {', '.join(sorted(self._known))}")
        return self._known[effect.queue]

    @activity.defn(name=FindPlace.activity)
    async def find_place(self, effect: FindPlace) -> Place:
        """Return the position in the queue, and the wait estimated from recent ones."""
        recent = effect.at - LIMITS.waits_recent
        async with self._database.read() as c:
            ahead = await queues.ahead(c, effect.queue, effect.priority, effect.since)
            waits = await queues.waits(c, effect.queue, effect.priority, recent, LIMITS.waits_counted)
        longest = effect.at - ahead.since if ahead.since else timedelta(0)
        usual = estimate(waits, waited=effect.at - effect.since, longest=longest)
        return Place(position=ahead.number + 1, estimate=usual)
