"""The card `open_conversation`."""

from datetime import timedelta
from typing import ClassVar, Final, Literal

from pydantic import Field

from domain.call import StartConversation
from domain.duration import Duration
from domain.events.calls import OutreachMade
from domain.fields import Fillable, Template
from domain.keys import OUTREACH, message_id
from domain.limits import LIMITS
from domain.message import Outreach
from flows.cards.base import Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import AccountName, FlowName, Name, Target, TemplateName
from flows.parts.templated import Parameters, approved

OPENED: Final = "opened"


class OpenExits(Exits):
    """Where to go after the request to open a conversation."""

    opened: Target | None = None
    """It is opened; without it, the card below."""
    already_open: Target | None = None
    """One is open with that contact on that account: nothing was said."""
    failed: Target | None = None
    """It could not be opened: there is no such account, or no address; or each of too many conversations has opened
    the next, and nobody has said a word."""


@cards.register
class OpenConversation(Card):
    """Open a conversation with somebody, on any account, and go on here without waiting for it.

    There, the template is sent first, then the flow is played: let it begin with a card that waits for the answer, as
    free text may be refused before. Nobody has two conversations on one account at a time.
    """

    family: ClassVar[Family] = "service"
    symbol: ClassVar[Symbol] = Symbol(
        icon="message-square-plus", colour="#2563eb", names={"pt-BR": "Abrir atendimento", "en": "Open conversation"}
    )
    example: ClassVar[str] = """
id: tell_owner
card: open_conversation
account: whatsapp
address: "{{ owner.phone }}"
name: "{{ owner.name }}"
template: visit_confirmed
parameters: {day: "{{ visit.day | date }}"}
flow: visit_reply
inputs: {visit: "{{ visit }}"}
exits: {already_open: call_owner, failed: call_owner}
"""

    account: AccountName
    """Name of the account in `prosa.toml`."""
    address: Template
    """Address of the contact on that channel: a phone number, a user's id."""
    name: Template = ""
    """Name of the contact."""
    template: TemplateName | None = None
    """Template of the first message, by its name in `prosa.toml`; without one, the flow itself sends one
    (`send_template`)."""
    parameters: Parameters = Field(default_factory=dict[Name, Template])
    """Values for the template's places: by name, or a list for numbered places."""
    flow: FlowName
    """The flow that is played there."""
    inputs: dict[Name, Fillable] = Field(default_factory=dict)
    """Its variables to set: name there, value from here."""
    patience: Duration = LIMITS.outside_patience
    """How long to try while the database is away."""
    exits: OpenExits = OpenExits()
    """Where to go afterwards."""

    def opens(self) -> tuple[str, ...]:
        """Return the flow."""
        return (self.flow,)

    async def play(self, conversation: Conversation) -> str:
        """Ask for it, and return `opened`, `already_open` or `failed`; FlowError when the template does not fit."""
        message = await approved(conversation, self.template, self.parameters) if self.template else None
        address = conversation.render(self.address).strip()
        key = conversation.key
        unheard = conversation.openings_unheard
        outcome, error, reason = "failed", "flow", "the address is empty"
        if unheard > LIMITS.openings_unheard:
            reason = f"{unheard} conversations have opened one another, and nobody has said a word"
        elif address:
            inputs = {name: conversation.fill(value) for name, value in self.inputs.items()}
            answer = await conversation.perform(
                StartConversation(
                    key=key,
                    card=self.id,
                    patience=self.patience,
                    account=self.account,
                    address=address,
                    name=conversation.render(self.name).strip(),
                    outreach=Outreach(flow=self.flow, inputs=inputs, message=message, by=key, unheard=unheard),
                )
            )
            outcome = _outcome(str(answer.value)) if answer.outcome == "ok" else "failed"
            error, reason = answer.error, answer.reason
        failed = outcome == "failed"
        conversation.record(
            OutreachMade(
                account=self.account,
                address=address,
                flow=self.flow,
                outcome=outcome,
                conversation=message_id(self.account, OUTREACH, key) if outcome == OPENED else None,
                error=error if failed else None,
                reason=reason if failed else None,
            )
        )
        return outcome

    def ways_out(self) -> tuple[Exit, ...]:
        """Return `opened`, `already_open` and `failed`."""
        return self.exits.ways(opened=True)

    def summary(self) -> str:
        """Return account and flow."""
        return f"{self.account}: {self.flow}"

    def silence(self, exit: str) -> timedelta | None:  # noqa: A002, ARG002 - what flows call it
        """Return no time: it does not wait."""
        return timedelta(0)


def _outcome(value: str) -> Literal["opened", "already_open"]:
    return "already_open" if value == "already_open" else "opened"
