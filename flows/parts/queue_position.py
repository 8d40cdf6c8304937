"""The queue position and the estimated wait that a contact is told."""

import math
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from domain.effect import FindPlace
from domain.model import Value
from domain.people import Place
from flows.conversation import Conversation

POSITION_NAMES: Final = ("position", "estimate")
"""The names of its values in texts."""
_HOUR: Final = 60
_HALF: Final = 30


class QueuePosition(Value):
    """A place in a queue, with an estimate that holds."""

    place: Place

    def names(self) -> dict[str, JsonValue]:
        """Return the names for texts: `position`, 1 for the next contact, and `estimate` in words, empty if unknown."""
        return {"position": self.place.position, "estimate": in_words(self.place.estimate)}


async def queue_position(conversation: Conversation, queue: str, since: datetime, until: datetime) -> QueuePosition:
    """Return how *conversation* stands, which waits in *queue* since then.

    Nothing is estimated that lies after *until*: then nobody is there, or nobody is waited for any longer.
    """
    now = conversation.now
    place = await conversation.perform(FindPlace(queue=queue, priority=conversation.priority, since=since, at=now))
    if place.estimate is not None and now + place.estimate > until:
        place = place.model_copy(update={"estimate": None})
    return QueuePosition(place=place)


def in_words(time: timedelta | None) -> str:
    """Return *time* as people say it, in whole minutes, rounded up; nothing when there is none."""
    if time is None:
        return ""
    hours, minutes = divmod(math.ceil(time / timedelta(minutes=1)), _HOUR)
    said = [f"{hours} hora{'s' if hours > 1 else ''}"] if hours else []
    if hours and minutes == _HALF:
        said.append("meia")
    elif minutes or not hours:
        said.append(f"{minutes} minuto{'' if minutes == 1 else 's'}")
    return " e ".join(said)
