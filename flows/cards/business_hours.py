"""The card `business_hours`."""

from typing import ClassVar, Final

from flows.cards.base import Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import CalendarName, SavesRecord, Target
from flows.parts.hours import business_time

OPEN: Final = "open"
CLOSED: Final = "closed"


class BusinessHoursExits(Exits):
    """Where to go."""

    open: Target | None = None
    """The company is open; without it, the card below."""
    closed: Target | None = None
    """It is closed."""


@cards.register
class BusinessHours(Card):
    """Go one way while the company is open, and another while it is closed.

    Calendars are settings (`[calendars.main]` in prosa.toml): hours of the week, breaks, holidays, days of your own.
    """

    family: ClassVar[Family] = "flow"
    symbol: ClassVar[Symbol] = Symbol(
        icon="clock", colour="#d97706", shape="diamond", names={"pt-BR": "Expediente", "en": "Business hours"}
    )
    example: ClassVar[str] = """
id: are_we_open
card: business_hours
calendar: main
save_as: hours
exits: {closed: say_when_we_open}
"""

    calendar: CalendarName = "main"
    """Name of the calendar in the settings."""
    save_as: SavesRecord | None = None
    """The variable, a record, that keeps the state of the calendar: `open`, `opens_at` and `closes_at` (the next
    opening and closing, in the calendar's zone), `holiday` (the name of today's)."""
    exits: BusinessHoursExits = BusinessHoursExits()
    """Where to go when it is open, and when it is closed."""

    async def play(self, conversation: Conversation) -> str:
        """Ask the calendar, and return `open` or `closed`."""
        found = await business_time(conversation, self.calendar, self.save_as)
        return OPEN if found.open else CLOSED

    def ways_out(self) -> tuple[Exit, ...]:
        """Return `open` and `closed`."""
        return self.exits.ways(open=True)
