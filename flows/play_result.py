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
    """Go where a keyword of the contact leads, which is none of the card's exits."""

    keyword: Keyword
    target: str
    """A card, `end`, or `flow:NAME`."""
    staying: int
    """How many of the frames stay, the outermost first."""
    by: int | None = None
    """Which frame's flow says so, and has pinned the version of the flow that the target may be."""


class CloseConversation(NamedTuple):
    """End the conversation, all calling flows included."""

    resolution: str


PlayResult = str | CallFlow | Detour | CloseConversation
"""What `play` of a card returns; a text is the name of the exit taken."""
