"""The card `set_priority`."""

from typing import ClassVar

from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation
from flows.parts.priorities import WrittenPriority, set_priority


@cards.register
class SetPriority(Card):
    """Say how soon people should look at the conversation: `low`, `normal` (every one begins so), `high` or `urgent`.

    Whoever waits for people waits with this priority. A `condition` asks for it with
    `conversation.priority == "urgent"`.
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
