"""The card `notify`."""

from typing import ClassVar

from flows.calling import tell_people
from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import Name


@cards.register
class Notify(Card):
    """Tell people of the company something now; the contact does not see it, and the flow goes on whatever comes of it.

    It stands in the conversation as a notice. With `to` it is posted to a receiver under `[webhooks]` as well, signed,
    as the event `notification` with `text`, `card`, `protocol`, `account` and `contact` (a chat of your team, a pager).
    """

    family: ClassVar[Family] = "service"
    symbol: ClassVar[Symbol] = Symbol(icon="bell", colour="#ca8a04", names={"pt-BR": "Notificação", "en": "Notify"})
    example: ClassVar[str] = """
id: tell_retention
card: notify
text: "{{ contact.name }} quer cancelar: {{ reason }}"
to: team_chat
"""

    text: str
    """What to tell; nothing is told when it turns out empty."""
    to: Name | None = None
    """Which receiver, as `prosa.toml` calls it; without one, only those who look at the conversation read it."""

    async def play(self, conversation: Conversation) -> str:
        """Tell it, and go on."""
        text = conversation.render(self.text).strip()
        if not text:
            return DONE
        conversation.record("people_notified", text=text, to=self.to)
        if self.to is not None:
            await tell_people(conversation, self.to, "notification", {"text": text}, card=self.id)
        return DONE

    def texts(self) -> dict[str, str]:
        """Return the text."""
        return {"text": self.text}

    def needs(self) -> dict[str, tuple[str, str]]:
        """Return the receiver."""
        return {"to": ("webhooks", self.to)} if self.to else {}
