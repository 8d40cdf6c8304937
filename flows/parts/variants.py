"""Other texts for some contacts, by their language and their channel."""

from collections.abc import Sequence
from typing import Self

from pydantic import ConfigDict, model_validator

from domain.fields import Template
from domain.language import Language, speaks
from domain.model import Written
from flows.conversation import Conversation
from flows.names import Name


class Variant(Written):
    """Another text, for a language, a channel, or both."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    language: Language | None = None
    """Language of the contact: `en` for any country, or `pt-PT`."""
    channel: Name | None = None
    """Channel of the contact: `webchat`."""
    text: Template
    """Text for these contacts."""

    @model_validator(mode="after")
    def _is_for_somebody(self) -> Self:
        if self.language is None and self.channel is None:
            raise ValueError("expected 'language', 'channel' or both")
        return self

    def is_for(self, language: str, channel: str) -> bool:
        """Whether it is for a contact who speaks *language* and is on *channel*."""
        return (self.language is None or speaks(language, self.language)) and self.channel in (None, channel)

    def hides(self, other: "Variant") -> bool:
        """Whether *other* is never said when it comes after this one."""
        same = self.language is None or (other.language is not None and speaks(other.language, self.language))
        return same and self.channel in (None, other.channel)


def mistake(variants: Sequence[Variant]) -> str | None:
    """Return a sentence about the first of *variants* that is never used, as an earlier one always fits; else None."""
    for place, variant in enumerate(variants):
        if any(before.hides(variant) for before in variants[:place]):
            return f"variant {place + 1} is never said: an earlier one fits whenever it does"
    return None


def said(text: str, variants: Sequence[Variant], conversation: Conversation) -> str:
    """Return the first of *variants* that is for the contact, else *text*; a template."""
    if not variants:
        return text
    language, channel = (str(conversation.evaluate(name)) for name in ("contact.language", "conversation.channel"))
    return next((variant.text for variant in variants if variant.is_for(language, channel)), text)
