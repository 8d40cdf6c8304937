"""The card `condition`."""

from typing import ClassVar, Final

from pydantic import ConfigDict, Field

from domain.fields import Expression
from domain.model import Written
from flows.cards.base import Card, Exit, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import Target

OTHERWISE: Final = "otherwise"


class When(Written):
    """One case: an expression, and where to go when it holds."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    if_: Expression = Field(alias="if")
    """An expression, without braces."""
    go: Target
    """Where to go when it holds."""


@cards.register
class Condition(Card):
    """Go where the first expression that holds says; else to `otherwise`, or the card below."""

    family: ClassVar[Family] = "flow"
    symbol: ClassVar[Symbol] = Symbol(
        icon="split", colour="#d97706", shape="diamond", names={"pt-BR": "Condição", "en": "Condition"}
    )
    example: ClassVar[str] = """
id: how_many
card: condition
when:
  - {if: "invoices | length == 0", go: nothing_due}
  - {if: "invoices | length == 1", go: take_the_only_one}
otherwise: choose_invoice
"""

    when: tuple[When, ...] = Field(min_length=1)
    """The cases; the first that is true is taken."""
    otherwise: Target | None = None
    """Where to go when none holds."""

    async def play(self, conversation: Conversation) -> str:
        """Return the exit of the first case that holds."""
        for number, case in enumerate(self.when, 1):
            if conversation.evaluate(case.if_):
                return f"when_{number}"
        return OTHERWISE

    def ways_out(self) -> tuple[Exit, ...]:
        """Return `when_1`, `when_2` and so on, and `otherwise`."""
        cases = (
            Exit(name=f"when_{number}", target=case.go, label=case.if_, key=f"when.{number - 1}.go")
            for number, case in enumerate(self.when, 1)
        )
        return (*cases, Exit(name=OTHERWISE, target=self.otherwise, label=OTHERWISE, key=OTHERWISE))
