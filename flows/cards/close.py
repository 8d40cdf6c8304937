"""The card `close`."""

from typing import ClassVar

from flows.cards.base import DONE, Card, Exit, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import Name
from flows.play_result import CloseConversation, PlayResult


@cards.register
class Close(Card):
    """End the conversation, with a resolution that reports count; flows that called this one end too."""

    family: ClassVar[Family] = "service"
    symbol: ClassVar[Symbol] = Symbol(
        icon="circle-stop", colour="#dc2626", shape="pill", names={"pt-BR": "Encerramento", "en": "Close"}
    )
    example: ClassVar[str] = """
id: goodbye
card: close
resolution: resolved
"""

    resolution: Name = "resolved"
    """How it ended, in one word."""

    async def play(self, conversation: Conversation) -> PlayResult:  # noqa: ARG002 - the contract's
        """End the conversation."""
        return CloseConversation(self.resolution)

    def summary(self) -> str:
        """Return the resolution."""
        return self.resolution

    def ways_out(self) -> tuple[Exit, ...]:
        """Return the only exit: it leads to the end."""
        return (Exit(name=DONE, target="end"),)
