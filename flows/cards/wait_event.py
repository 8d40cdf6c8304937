"""The card `wait_event`."""

from datetime import timedelta
from typing import Annotated, ClassVar, Final, Self

from pydantic import AwareDatetime, Field, model_validator

from domain.duration import Duration, format_duration
from domain.events.callbacks import EventAwaited, EventMissed
from domain.events.steps import VariableSet
from domain.fields import Fillable, Knows
from domain.message import Callback
from domain.model import Memory
from flows.cards.base import Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import Name, SavesTo, Target
from flows.play_result import PlayResult

RECEIVED: Final = "received"
TIMEOUT: Final = "timeout"
INTERRUPTED: Final = "interrupted"


class EventExits(Exits):
    """Where to go after the wait."""

    received: Target | None = None
    """The event has come; without it, the card below."""
    timeout: Target | None = None
    """It has not come in time; it may still come, and be waited for again."""
    interrupted: Target | None = None
    """The contact has written; the next card reads the message."""


class AwaitingEvent(Memory):
    """State that the card keeps while it waits."""

    until: AwareDatetime | None = None


@cards.register
class WaitEvent(Card):
    """Wait until another system posts an event to the address that `expect_event` has made; it may come earlier.

    Messages of the contact meanwhile stay unread for the cards below, in order; an `interruptible` wait ends with the
    first. The event is JSON of 64 KiB at most.
    """

    family: ClassVar[Family] = "flow"
    symbol: ClassVar[Symbol] = Symbol(
        icon="bell-ring", colour="#059669", names={"pt-BR": "Aguardar evento", "en": "Wait for event"}
    )
    example: ClassVar[str] = """
id: until_it_is_paid
card: wait_event
event: payment
timeout: 2h
set:
  paid_at: "{{ data.paid_at }}"
interruptible: true
exits: {timeout: remind, interrupted: menu}
"""
    waits: ClassVar[bool] = True

    event: Name
    """Name of the event, as in `expect_event`."""
    timeout: Duration
    """How long to wait."""
    set: dict[SavesTo, Annotated[Fillable, Knows("data")]] = Field(default_factory=dict)
    """Variables and their values from the `data` of the event: `"{{ data.status }}"`."""
    save_as: SavesTo | None = None
    """The variable that keeps all data of the event."""
    interruptible: bool = False
    """Whether something that the contact says ends the wait."""
    exits: EventExits = EventExits()
    """Where to go afterwards."""

    @model_validator(mode="after")
    def _can_be_interrupted(self) -> Self:
        if self.exits.interrupted is not None and not self.interruptible:
            raise ValueError("the exit 'interrupted' needs 'interruptible: true'")
        return self

    async def play(self, conversation: Conversation) -> PlayResult:
        """Wait, and return `received`, `timeout`, `interrupted`, or a keyword's detour."""
        memory = conversation.memory(AwaitingEvent)
        if memory.until is None:
            memory.until = conversation.now + self.timeout
            conversation.record(EventAwaited(event=self.event, until=memory.until, interruptible=self.interruptible))
        event = await conversation.next_event(self.event, memory.until, interruptible=self.interruptible)
        if event is None:
            conversation.record(EventMissed(event=self.event))
            return TIMEOUT
        if event.callback is not None:
            self._keep(conversation, event.callback)
            return RECEIVED
        if detour := conversation.detour(event, again=False):
            await conversation.next_message(None)
            return detour
        return INTERRUPTED

    def ways_out(self) -> tuple[Exit, ...]:
        """Return `received`, `timeout`, and `interrupted` when that can happen."""
        ways = self.exits.ways(received=True)
        return tuple(way for way in ways if way.name != INTERRUPTED or self.interruptible)

    def summary(self) -> str:
        """Return the name of the event and the time limit."""
        return f"{self.event}, {format_duration(self.timeout)}"

    def silence(self, exit: str) -> timedelta | None:  # noqa: A002 - what flows call it
        """Return the contact's longest silence when *exit* is taken; None when they have just written."""
        return None if exit == INTERRUPTED else self.timeout

    def _keep(self, conversation: Conversation, callback: Callback) -> None:
        if self.save_as is not None:
            conversation.set(self.save_as, callback.data)
        for variable, template in self.set.items():
            value = conversation.fill(template, data=callback.data)
            conversation.set(variable, value)
            conversation.record(VariableSet(variable=variable, value=value))
