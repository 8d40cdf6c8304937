"""The card `await_interaction`."""

from datetime import timedelta
from typing import ClassVar, Final

from domain.duration import Duration
from domain.errors import UndeliveredError
from domain.events.questions import QuestionTimedOut
from domain.events.steps import VariableSet
from domain.wait_defaults import Reminder
from flows.cards.base import Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import SavesRecord, Target
from flows.parts.patience import silence
from flows.parts.waiting import Waiting, interaction
from flows.play_result import PlayResult

RECEIVED: Final = "received"


class InteractionExits(Exits):
    """Where to go after the wait."""

    received: Target | None = None
    """The contact has sent something; without it, the card below."""
    no_answer: Target | None = None
    """The contact was silent until `timeout`."""
    undelivered: Target | None = None
    """The message before did not reach the contact; without this exit, the conversation waits all the same."""


@cards.register
class AwaitInteraction(Card):
    """Wait for the contact's next message of any kind: words, a tap, a photo, a place on the map. It refuses nothing.

    It asks nothing by itself: put a `send_message` before it. The message is kept as a record with `text`, `choice`,
    `files` and `location`.
    """

    family: ClassVar[Family] = "interaction"
    symbol: ClassVar[Symbol] = Symbol(
        icon="ear", colour="#0891b2", names={"pt-BR": "Aguardar interação", "en": "Await interaction"}
    )
    example: ClassVar[str] = """
id: until_it_is_restarted
card: await_interaction
save_as: news
reminders:
  - {after: 10m, text: "Conseguiu reiniciar o roteador?"}
timeout: 1h
exits: {no_answer: goodbye}
"""
    waits: ClassVar[bool] = True

    save_as: SavesRecord | None = None
    """The variable that keeps the contact's message."""
    reminders: tuple[Reminder, ...] | None = None
    """Reminders while the contact is silent, in the order of time; without them, those under `silence` of the flow,
    else under `[silence]` of the settings."""
    timeout: Duration | None = None
    """How long to wait; without it, as `reminders`; else 24h."""
    exits: InteractionExits = InteractionExits()
    """Where to go afterwards."""

    async def play(self, conversation: Conversation) -> PlayResult:
        """Wait, and return `received`, `no_answer`, `undelivered`, or a keyword's detour."""
        memory = conversation.memory(Waiting)
        while True:
            try:
                message = await interaction(
                    conversation, memory, self.timeout, self.reminders or (), conversation.next_message, whole=True
                )
            except UndeliveredError:
                if self.exits.undelivered:
                    return "undelivered"
                continue
            if message is None:
                conversation.record(QuestionTimedOut(asked_at=memory.since or conversation.now))
                return "no_answer"
            if detour := conversation.detour(message):
                return detour
            if self.save_as is not None:
                value = message.model_dump(mode="json", include={"text", "choice", "files", "location"})
                conversation.set(self.save_as, value)
                conversation.record(VariableSet(variable=self.save_as, value=value))
            return RECEIVED

    def ways_out(self) -> tuple[Exit, ...]:
        """Return `received`, `no_answer`, and `undelivered` when it leads somewhere."""
        ways = self.exits.ways(received=True)
        return tuple(way for way in ways if way.name != "undelivered" or way.target)

    def summary(self) -> str:
        """Return the variable that keeps the contact's message."""
        return self.save_as or ""

    def silence(self, exit: str) -> timedelta | None:  # noqa: A002 - what flows call it
        """Return the time limit for its exit; at every other the contact has just spoken, or was not reached."""
        return silence(exit, self.timeout)
