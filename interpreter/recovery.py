"""After Temporal loses turns, replay the contact's messages from the journal."""

from collections.abc import Callable
from datetime import datetime

from domain.conversation import Snapshot
from domain.delivery import Lost
from domain.effect import Deliver
from domain.event import Event
from domain.events.conversations import ConversationRepaired
from domain.message import Inbound
from domain.status import Status
from interpreter.port import Port


class Recovery:
    """Keeps the state of the last wait, from which lost turns are replayed."""

    def __init__(self, port: Port, state: Snapshot, snapshot: Callable[[], Snapshot]) -> None:
        self._port = port
        self._state = state
        self._snapshot = snapshot
        self._heard: list[Inbound] = []
        self._kept = ""
        self.since = 0
        """The last event at that wait."""

    def keep(self) -> None:
        """Keep the state as it stands: nothing is buffered, and the conversation is about to wait."""
        self._kept = self._snapshot().model_dump_json()
        self._heard.clear()
        self.since = self._state.seq

    def hear(self, message: Inbound) -> None:
        """Remember the messages that have arrived since."""
        self._heard.append(message)

    async def go_back(self, lost: Lost) -> None:
        """Begin a new run at the last wait, in which all that was *lost* is heard again, in order.

        Played again, the lost turns find themselves written. Returns when *lost* brings nothing that was not heard.
        """
        state = Snapshot.model_validate_json(self._kept)
        heard = [*state.unread, *self._heard]
        known, lost_ids = ({message.message_id for message in messages} for messages in (heard, lost.messages))
        if lost_ids <= known:
            return
        state.conversation_id = lost.conversation_id
        state.unread = [*lost.messages, *(message for message in heard if message.message_id not in lost_ids)]
        state.seen = [*self._state.seen, *(m.message_id for m in lost.messages if m.message_id not in self._state.seen)]
        await self._port.resume(state)

    def number_on(self, effect: Deliver, lost: Lost, before: Status, now: datetime) -> Deliver:
        """Return the turn *effect*, which differs from the *lost* one, renumbered to follow it.

        Its first event says so, and holds *before*: the status of the conversation before the lost turn.
        """
        repair = ConversationRepaired.model_validate({"since": self.since, "upto": lost.upto, **before._asdict()})
        repaired = Event(seq=lost.upto + 1, kind=repair.kind, at=now, data=repair.data)
        shift = repaired.seq + 1 - effect.events[0].seq
        self._state.seq = effect.events[-1].seq + shift
        return effect.model_copy(
            update={
                "events": (repaired, *(event.model_copy(update={"seq": event.seq + shift}) for event in effect.events)),
                "parts": tuple(part.model_copy(update={"seq": part.seq + shift}) for part in effect.parts),
                # The history must know these numbers before anything is written under them.
                "repeatable": False,
            }
        )
