"""The card `run_flow`."""

from datetime import timedelta
from typing import ClassVar

from pydantic import Field

from domain.fields import Fillable
from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import FlowName, Name, SavesTo
from flows.play_result import CallFlow, PlayResult


@cards.register
class RunFlow(Card):
    """Play another flow and come back when it has ended.

    `inputs` sets variables of the other flow, `outputs` takes variables of it back. A flow that closes the
    conversation does not come back.
    """

    family: ClassVar[Family] = "flow"
    symbol: ClassVar[Symbol] = Symbol(
        icon="workflow", colour="#7c3aed", names={"pt-BR": "Outro fluxo", "en": "Another flow"}
    )
    example: ClassVar[str] = """
id: second_copy
card: run_flow
flow: segunda_via
inputs: {document: "{{ document }}"}
outputs: {paid_invoice: chosen}
"""
    waits: ClassVar[bool] = True

    flow: FlowName
    """Name of the flow."""
    inputs: dict[Name, Fillable] = Field(default_factory=dict)
    """Its variables to set: name there, value from here."""
    outputs: dict[SavesTo, Name] = Field(default_factory=dict)
    """Its variables to take back: name here, name there."""

    async def play(self, conversation: Conversation) -> PlayResult:
        """Call the flow; when it has come back, take its outputs."""
        came_back = conversation.returned()
        if came_back is None:
            return CallFlow(self.flow, {name: conversation.fill(value) for name, value in self.inputs.items()})
        _, variables = came_back
        for here, there in self.outputs.items():
            conversation.set(here, variables.get(there))
        return DONE

    def summary(self) -> str:
        """Return the flow."""
        return self.flow

    def silence(self, exit: str) -> timedelta | None:  # noqa: A002, ARG002 - what flows call it
        """Return None: the other flow is checked by itself."""
        return None

    def calls(self) -> tuple[str, ...]:
        """Return the flow."""
        return (self.flow,)
