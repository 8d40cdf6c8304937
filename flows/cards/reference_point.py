"""The card `reference_point`."""

from typing import ClassVar

from domain.events.steps import ReferencePointReached
from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import Name


@cards.register
class ReferencePoint(Card):
    """Mark a moment of the journey that reports count and measure: how many came here, and after how long."""

    family: ClassVar[Family] = "flow"
    symbol: ClassVar[Symbol] = Symbol(
        icon="milestone", colour="#0d9488", names={"pt-BR": "Ponto de referência", "en": "Reference point"}
    )
    example: ClassVar[str] = """
id: copy_delivered
card: reference_point
title: Segunda via entregue
name: segunda_via_entregue
"""

    name: Name
    """Name of the point in reports; several cards may mark the same one."""

    async def play(self, conversation: Conversation) -> str:
        """Write down that the conversation has come here."""
        conversation.record(ReferencePointReached(name=self.name))
        return DONE

    def summary(self) -> str:
        """Return the name that reports count it under."""
        return self.name
