"""The card `go_to`."""

from typing import ClassVar

from flows.cards.base import DONE, Card, Exit, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import Target


@cards.register
class GoTo(Card):
    """Go on somewhere else: at another card, in another flow that takes over, or at the end."""

    family: ClassVar[Family] = "flow"
    symbol: ClassVar[Symbol] = Symbol(
        icon="corner-up-right", colour="#64748b", shape="pill", names={"pt-BR": "Ir para", "en": "Go to"}
    )
    example: ClassVar[str] = """
id: back_to_menu
card: go_to
go: menu
"""

    go: Target
    """Where to."""

    async def play(self, conversation: Conversation) -> str:  # noqa: ARG002 - the contract's
        """Take the one exit."""
        return DONE

    def ways_out(self) -> tuple[Exit, ...]:
        """Return the one exit."""
        return (Exit(name=DONE, target=self.go, key="go"),)

    def summary(self) -> str:
        """Return where it leads."""
        return self.go
