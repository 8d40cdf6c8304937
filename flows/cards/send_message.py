"""The card `send_message`."""

from typing import ClassVar

from domain.message import Content
from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation


@cards.register
class SendMessage(Card):
    """Say something, and go on. A text that turns out empty is not sent.

    What differs by channel stands in the text: `{{ 'Toque' if conversation.channel == 'webchat' else 'Digite' }}`.
    """

    family: ClassVar[Family] = "interaction"
    symbol: ClassVar[Symbol] = Symbol(
        icon="message-square", colour="#2563eb", names={"pt-BR": "Mensagem", "en": "Message"}
    )
    example: ClassVar[str] = """
id: welcome
card: send_message
text: "Olá, {{ contact.name | first_name }}! Seu protocolo é {{ conversation.protocol }}."
"""
    speaks: ClassVar[bool] = True

    text: str
    """What to say."""

    async def play(self, conversation: Conversation) -> str:
        """Say the text."""
        if text := conversation.render(self.text).strip():
            conversation.say(Content(text=text))
        return DONE

    def texts(self) -> dict[str, str]:
        """Return the text."""
        return {"text": self.text}
