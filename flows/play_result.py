"""How the interpreter goes on after a card: by an exit, into another flow, along a detour, or to the end."""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import JsonValue

from domain.conversation import Keyword


class CallFlow(NamedTuple):
    """Play another flow next; the card that returns this is entered again when that flow has ended."""

    flow: str
    inputs: Mapping[str, JsonValue]
    """Variables of that flow to set."""


class Detour(NamedTuple):
    """Follow a keyword of the contact, which is none of the card's exits."""

    keyword: Keyword
    target: str
    """A card, `end`, or `flow:NAME`."""
    staying: int
    """How many of the frames stay, the outermost first."""
    by: int | None = None
    """Index of the frame whose flow defines the keyword, and pins the version of the target flow."""


class CloseConversation(NamedTuple):
    """End the conversation, all calling flows included."""

    resolution: str


PlayResult = str | CallFlow | Detour | CloseConversation
"""The result of a card's `play`; a text is the name of the exit taken."""
