"""The card `send_message`."""

from datetime import timedelta
from typing import ClassVar

from pydantic import Field, field_validator

from domain.duration import Duration, format_duration
from domain.fields import Template
from domain.limits import LIMITS
from domain.message import Content
from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation
from flows.parts.links import QuickLink
from flows.parts.variants import Variant, mistake, said


@cards.register
class SendMessage(Card):
    """Send a message, and go on. An empty text is not sent.

    A word that differs by channel may stand in the text: `{{ 'Toque' if conversation.channel == 'webchat' else 'Digite'
    }}`; whole texts, and those in other languages, are `variants`.
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

    text: Template
    """What to say."""
    variants: tuple[Variant, ...] = ()
    """Other texts, by `language`, `channel` or both: `{language: en, text: Hello}`; the first one that fits is said."""
    links: tuple[QuickLink, ...] = Field(default=(), max_length=LIMITS.links)
    """What the contact may tap below it, three at most: `{title: Ver no site, url: "https://..."}`."""
    typing: Duration | None = None
    """For how long the contact sees before that somebody is typing, 10s at most; where the channel shows such a thing.
    """

    @field_validator("variants", mode="after")
    @classmethod
    def _may_all_be_said(cls, variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
        if wrong := mistake(variants):
            raise ValueError(wrong)
        return variants

    @field_validator("typing", mode="after")
    @classmethod
    def _is_short(cls, typing: timedelta | None) -> timedelta | None:
        if typing is not None and typing > LIMITS.typing:
            raise ValueError(f"expected {format_duration(LIMITS.typing)} at most, found {format_duration(typing)}")
        return typing

    async def play(self, conversation: Conversation) -> str:
        """Say the text."""
        if text := conversation.render(said(self.text, self.variants, conversation)).strip():
            rendered = [link.rendered(conversation) for link in self.links]
            seconds = int(self.typing.total_seconds()) if self.typing else 0
            conversation.say(Content(text=text, links=tuple(link for link in rendered if link), typing=seconds))
        return DONE
