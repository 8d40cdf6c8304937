"""Other texts for some contacts, by their language and their channel."""

from collections.abc import Iterator, Sequence
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

    def wider(self) -> Iterator[tuple[str | None, str | None]]:
        """Yield language and channel of the variants that fit whenever this one does."""
        parts = self.language.lower().split("-") if self.language else []
        for language in (None, *("-".join(parts[: count + 1]) for count in range(len(parts)))):
            yield from ((language, None), (language, self.channel))


def mistake(variants: Sequence[Variant]) -> str | None:
    """Return a sentence about the first of *variants* that is never used, as an earlier one always fits; else None."""
    earlier: set[tuple[str | None, str | None]] = set()
    for number, variant in enumerate(variants, 1):
        if not earlier.isdisjoint(variant.wider()):
            return f"variant {number} is never said: an earlier one fits whenever it does"
        earlier.add((variant.language.lower() if variant.language else None, variant.channel))
    return None


def said(text: str, variants: Sequence[Variant], conversation: Conversation) -> str:
    """Return the first of *variants* that is for the contact, else *text*; a template."""
    if not variants:
        return text
    language, channel = (str(conversation.evaluate(name)) for name in ("contact.language", "conversation.channel"))
    return next((variant.text for variant in variants if variant.is_for(language, channel)), text)
