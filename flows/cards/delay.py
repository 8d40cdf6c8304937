"""The card `delay`."""

from datetime import UTC, timedelta
from typing import ClassVar, Final, Self

from pydantic import AwareDatetime, Field, model_validator

from domain.duration import Duration, format_duration
from domain.effect import FindBusinessTime
from domain.errors import FlowError, UndeliveredError
from domain.events.steps import DelayBegun
from domain.fields import Template
from domain.model import Memory
from flows.cards.base import DONE, Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import CalendarName, Target
from flows.parts.patience import PATIENCE
from flows.play_result import PlayResult

INTERRUPTED: Final = "interrupted"


class DelayExits(Exits):
    """Where to go when the contact does not let the time pass."""

    interrupted: Target | None = None
    """The contact has said something; without it, the card below."""


class Delaying(Memory):
    """State that the card keeps while it waits."""

    until: AwareDatetime | None = None


@cards.register
class Delay(Card):
    """Let time pass: for a while, until a moment, or until the company is open; restarts do not disturb it.

    With a `calendar`, a delay that would end while the company is closed lasts until it opens; alone it is the next
    business time. A moment that has passed already is not waited for. Messages of the contact meanwhile stay unread
    for the cards below, in order; an `interruptible` delay ends with the first.
    """

    family: ClassVar[Family] = "flow"
    symbol: ClassVar[Symbol] = Symbol(icon="hourglass", colour="#64748b", names={"pt-BR": "Espera", "en": "Delay"})
    example: ClassVar[str] = """
id: day_before_due
card: delay
until: "{{ invoice.due }}T09:00"
interruptible: true
exits: {interrupted: menu}
"""
    waits: ClassVar[bool] = True

    for_: Duration | None = Field(default=None, alias="for")
    """How long: `30m`, `3d`."""
    until: Template | None = None
    """Until when: a date, or a date and a time (`2026-12-10T09:00`), by the company's clock unless it names a zone."""
    calendar: CalendarName | None = None
    """The business calendar that must be open at the end: the next business time from then on."""
    interruptible: bool = False
    """Whether something that the contact says ends the delay."""
    exits: DelayExits = DelayExits()
    """Where to go afterwards."""

    @model_validator(mode="after")
    def _has_one_end(self) -> Self:
        if self.for_ is not None and self.until is not None:
            raise ValueError("expected 'for' or 'until', and not both")
        if self.for_ is None and self.until is None and self.calendar is None:
            raise ValueError("expected 'for', 'until' or 'calendar'")
        if self.exits.interrupted is not None and not self.interruptible:
            raise ValueError("the exit 'interrupted' needs 'interruptible: true'")
        return self

    async def play(self, conversation: Conversation) -> PlayResult:
        """Wait, and return `done`, `interrupted`, or a keyword's detour."""
        memory = conversation.memory(Delaying)
        if memory.until is None:
            memory.until = await self._end(conversation)
            conversation.record(DelayBegun(until=memory.until, interruptible=self.interruptible))
        if not self.interruptible:
            await conversation.pause(memory.until)
            return DONE
        while True:
            try:
                message = await conversation.peek(memory.until)
            except UndeliveredError:
                continue
            if message is None:
                return DONE
            if detour := conversation.detour(message, again=False):
                await conversation.next_message(None)
                return detour
            return INTERRUPTED

    def ways_out(self) -> tuple[Exit, ...]:
        """Return `done`, and `interrupted` when that can happen."""
        return (Exit(name=DONE), *(self.exits.ways(interrupted=True) if self.interruptible else ()))

    def summary(self) -> str:
        """Return how long, or until when."""
        return format_duration(self.for_) if self.for_ is not None else self.until or ""

    def silence(self, exit: str) -> timedelta | None:  # noqa: A002 - what flows call it
        """Return how long it waits at least; until a moment, or business time: as long as any question."""
        lasts = self.for_ or PATIENCE
        return None if exit == INTERRUPTED else max(lasts, PATIENCE) if self.calendar else lasts

    async def _end(self, conversation: Conversation) -> AwareDatetime:
        end = await self._moment(conversation)
        if self.calendar is None:
            return end
        found = await conversation.perform(FindBusinessTime(calendar=self.calendar, at=max(end, conversation.now)))
        if not found.open and found.opens_at is None:
            raise FlowError(f"calendar {self.calendar!r} is closed for a year")
        return end if found.opens_at is None else found.opens_at.astimezone(UTC)

    async def _moment(self, conversation: Conversation) -> AwareDatetime:
        if self.until is not None:
            return await conversation.moment(conversation.render(self.until))
        return conversation.now + (self.for_ or timedelta(0))
