"""The card `send_template`."""

from typing import ClassVar, Final

from pydantic import Field

from domain.fields import Template
from flows.cards.base import Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import Name, Target, TemplateName
from flows.parts.templated import Parameters, approved

SENT: Final = "sent"


class TemplateExits(Exits):
    """Where to go after the template."""

    sent: Target | None = None
    """It was sent; without it, the card below."""
    undelivered: Target | None = None
    """It did not reach the contact; without it, the flow goes on as if it had."""


@cards.register
class SendTemplate(Card):
    """Send a message that the provider has approved.

    On WhatsApp it is the only way to speak to a contact who has been silent for a day. `prosa.toml` has the templates
    under `[templates]`; channels without templates get the finished text.
    """

    family: ClassVar[Family] = "interaction"
    symbol: ClassVar[Symbol] = Symbol(
        icon="badge-check", colour="#2563eb", names={"pt-BR": "Mensagem aprovada", "en": "Template"}
    )
    example: ClassVar[str] = """
id: ask_again
card: send_template
template: proposal_follow_up
parameters: {name: "{{ contact.name | first_name }}", plan: "Fibra 600"}
exits: {undelivered: give_up}
"""

    template: TemplateName
    """Name of the template in `prosa.toml`."""
    parameters: Parameters = Field(default_factory=dict[Name, Template])
    """What goes into its places: by name, or a list for those that are numbered."""
    exits: TemplateExits = TemplateExits()
    """Where to go afterwards."""

    async def play(self, conversation: Conversation) -> str:
        """Send it, and return `sent` or `undelivered`; FlowError when there is no such template, or it does not fit."""
        conversation.say(await approved(conversation, self.template, self.parameters))
        if self.exits.undelivered and not await conversation.delivered():
            return "undelivered"
        return SENT

    def ways_out(self) -> tuple[Exit, ...]:
        """Return `sent`, and `undelivered` when it leads somewhere."""
        ways = self.exits.ways(sent=True)
        return tuple(way for way in ways if way.name != "undelivered" or way.target)

    def summary(self) -> str:
        """Return the template."""
        return self.template
