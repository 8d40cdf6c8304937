"""The card `erp_call`."""

from typing import ClassVar

from pydantic import Field

from domain.duration import Duration
from domain.fields import Fillable
from domain.limits import LIMITS
from flows.cards.base import DONE, Asked, Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation, Progress
from flows.names import ConnectionName, Name, SavesTo, Target
from flows.parts.outside_calls import call_erp


class ErpExits(Exits):
    """Where to go when the operation does not succeed."""

    not_found: Target | None = None
    """The ERP has no such record."""
    rejected: Target | None = None
    """The ERP says no."""
    failed: Target | None = None
    """The ERP did not answer for as long as `patience`, or answered nonsense."""


@cards.register
class ErpCall(Card):
    """Call an operation of an ERP or CRM, and keep the answer in a variable.

    While the system does not answer, the call is repeated for as long as `patience`.
    """

    family: ClassVar[Family] = "integrations"
    symbol: ClassVar[Symbol] = Symbol(
        icon="database",
        colour="#059669",
        shape="parallelogram",
        names={"pt-BR": "Consulta ao sistema", "en": "ERP call"},
    )
    example: ClassVar[str] = """
id: find_invoices
card: erp_call
connection: billing
operation: list_open_invoices
arguments: {customer_id: "{{ customer.id }}"}
save_as: invoices
progress: {after: 4s, text: "Um instante, estou consultando o sistema..."}
exits: {not_found: no_customer, failed: apologise}
"""

    connection: ConnectionName
    """Name of the connection in `prosa.toml`."""
    operation: Name
    """Operation to call."""
    arguments: dict[str, Fillable] = Field(default_factory=dict)
    """Arguments of the operation."""
    save_as: SavesTo | None = None
    """The variable that keeps the answer."""
    progress: Progress | None = None
    """Message to the contact when the call takes long."""
    patience: Duration = LIMITS.outside_patience
    """How long to try."""
    exits: ErpExits = ErpExits()
    """Where to go when it does not work."""

    async def play(self, conversation: Conversation) -> str:
        """Call the operation, and return `done`, `not_found`, `rejected` or `failed`."""
        answer = await call_erp(
            conversation,
            self.connection,
            self.operation,
            {name: conversation.fill(value) for name, value in self.arguments.items()},
            card=self.id,
            patience=self.patience,
            progress=self.progress,
        )
        if answer.outcome == "ok":
            if self.save_as is not None:
                conversation.set(self.save_as, answer.value)
            return DONE
        return answer.outcome if answer.outcome in ErpExits.model_fields else "failed"

    def ways_out(self) -> tuple[Exit, ...]:
        """Return `done` and the exits for failures."""
        return (Exit(name=DONE), *self.exits.ways())

    def summary(self) -> str:
        """Return connection and operation, for lists and drawings."""
        return f"{self.connection}: {self.operation}"

    def asks(self) -> tuple[Asked, ...]:
        """Return the operation."""
        asked = Asked(
            connection=self.connection,
            operation=self.operation,
            arguments=self.arguments,
            key="operation",
            under="arguments.",
        )
        return (asked,)
