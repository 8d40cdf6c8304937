"""The card `set_variable`."""

from typing import ClassVar

from pydantic import Field

from domain.events.steps import VariableSet
from domain.fields import Fillable
from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import SavesTo


@cards.register
class SetVariable(Card):
    """Give variables a value. One single `{{ expression }}` keeps its type: a list stays a list."""

    family: ClassVar[Family] = "flow"
    symbol: ClassVar[Symbol] = Symbol(icon="variable", colour="#7c3aed", names={"pt-BR": "Variável", "en": "Variable"})
    example: ClassVar[str] = """
id: take_the_only_one
card: set_variable
set:
  chosen: "{{ invoices | first }}"
"""

    set: dict[SavesTo, Fillable] = Field(min_length=1)
    """The variables and their new values; each sees the ones before it."""

    async def play(self, conversation: Conversation) -> str:
        """Set the variables, in the order written."""
        for variable, template in self.set.items():
            value = conversation.fill(template)
            conversation.set(variable, value)
            conversation.record(VariableSet(variable=variable, value=value))
        return DONE

    def summary(self) -> str:
        """Return the variables."""
        return ", ".join(self.set)
