"""The card `split`."""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import ClassVar

from pydantic import ConfigDict, Field, field_validator

from domain.events.steps import WayDrawn
from domain.model import Written
from flows.cards.base import Card, Exit, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import Name, Target


class Way(Written):
    """One of the branches, which are chosen at random by weight."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: Name
    """Name in reports, and of the exit."""
    weight: int = Field(default=1, ge=1, le=1_000)
    """Its share: of the weights 3 and 1, the first takes three conversations out of four."""
    go: Target
    """Card or flow that it leads to."""


@cards.register
class Split(Card):
    """Send each conversation along one of several branches at random: to compare two texts, or to begin with a few.

    The choice is made once for each conversation, however often it comes here; reports count conversations by branch.
    """

    family: ClassVar[Family] = "flow"
    symbol: ClassVar[Symbol] = Symbol(
        icon="shuffle", colour="#d97706", shape="diamond", names={"pt-BR": "Sorteio", "en": "Split"}
    )
    example: ClassVar[str] = """
id: which_offer
card: split
between:
  - {name: discount, weight: 70, go: offer_discount}
  - {name: speed, weight: 30, go: offer_speed}
"""

    between: tuple[Way, ...] = Field(min_length=2, max_length=20)
    """The ways."""

    @field_validator("between")
    @classmethod
    def _have_their_own_names(cls, ways: Sequence[Way]) -> Sequence[Way]:
        names = [way.name for way in ways]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two ways are called {twice[0]!r}")
        return ways

    async def play(self, conversation: Conversation) -> str:
        """Draw the way, and return its name."""
        bounds = list(accumulate(way.weight for way in self.between))
        way = self.between[bisect(bounds, conversation.stable_choice(bounds[-1]))]
        conversation.record(WayDrawn(way=way.name))
        return way.name

    def ways_out(self) -> tuple[Exit, ...]:
        """Return the ways."""
        return tuple(
            Exit(name=way.name, target=way.go, label=way.name, key=f"between.{place}.go")
            for place, way in enumerate(self.between)
        )

    def summary(self) -> str:
        """Return the ways and their weights."""
        return ", ".join(f"{way.name} {way.weight}" for way in self.between)
