"""The card `expect_event`."""

from typing import ClassVar

from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import Name, SavesTo


@cards.register
class ExpectEvent(Card):
    """Make the address to which another system posts an event: a payment, a signature, a technician's arrival.

    Give it to that system with `http_request`, `webhook` or in a message; `wait_event` waits for the event. An event
    that comes earlier is kept. An address is good for one event, until the conversation has ended; playing the card
    again makes a new one, and the old one no longer counts. Everybody who knows the address can post the event.
    """

    family: ClassVar[Family] = "flow"
    symbol: ClassVar[Symbol] = Symbol(
        icon="satellite-dish", colour="#059669", names={"pt-BR": "Esperar evento", "en": "Expect event"}
    )
    example: ClassVar[str] = """
id: payment_address
card: expect_event
event: payment
save_url_as: payment_url
"""

    event: Name
    """Name of the event in this flow."""
    save_url_as: SavesTo
    """The variable that keeps the address."""

    async def play(self, conversation: Conversation) -> str:
        """Make the address, keep it, and go on."""
        conversation.set(self.save_url_as, await conversation.expect(self.event))
        return DONE

    def summary(self) -> str:
        """Return the name of the event."""
        return self.event
