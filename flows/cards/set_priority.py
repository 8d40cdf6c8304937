"""The card `set_priority`."""

from typing import ClassVar

from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation
from flows.parts.priorities import WrittenPriority, set_priority


@cards.register
class SetPriority(Card):
    """Set the urgency of the conversation in a queue: `low`, `normal` (at the beginning), `high` or `urgent`.

    A `transfer` uses this priority. A `condition` checks it with `conversation.priority == "urgent"`.
    """

    family: ClassVar[Family] = "service"
    symbol: ClassVar[Symbol] = Symbol(
        icon="signal-high", colour="#dc2626", names={"pt-BR": "Prioridade", "en": "Set priority"}
    )
    example: ClassVar[str] = """
id: hurry
card: set_priority
priority: "{{ 'urgent' if customer.plan == 'empresarial' else 'high' }}"
"""

    priority: WrittenPriority
    """One of the four, or an expression that gives one."""

    async def play(self, conversation: Conversation) -> str:
        """Set it, if it is another one."""
        set_priority(conversation, self.priority)
        return DONE
