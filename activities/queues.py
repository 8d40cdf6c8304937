"""Queues as the settings have them: they change, histories do not."""

from collections.abc import Mapping

from temporalio import activity

from domain.effect import FindQueue
from domain.errors import UnknownNameError
from domain.people import Queue


class Queues:
    """The activity `find_queue`."""

    def __init__(self, known: Mapping[str, Queue]) -> None:
        self._known = known

    @activity.defn(name=FindQueue.activity)
    async def find_queue(self, effect: FindQueue) -> Queue:
        """Return the queue; UnknownNameError when there is none of that name."""
        if effect.queue not in self._known:
            raise UnknownNameError(f"{effect.queue!r} is not one of the queues: {', '.join(sorted(self._known))}")
        return self._known[effect.queue]
