"""The card `webhook`."""

from typing import ClassVar

from pydantic import Field

from domain.duration import Duration
from domain.fields import Fillable
from domain.limits import LIMITS
from flows.cards.base import DONE, Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import Name, Target, WebhookName
from flows.parts.outside_calls import post_event


class WebhookExits(Exits):
    """Where to go when the event was not taken."""

    failed: Target | None = None
    """The receiver did not take it for as long as `patience`, or refused it; without it, the card below."""


@cards.register
class Webhook(Card):
    """Post an event, signed, to another system; its answer does not matter.

    Receivers stand in `prosa.toml` under `[webhooks]`. The body is `{"id", "type", "data"}`; the signature is that of
    Standard Webhooks. The `id`, which is the `webhook-id` too, is the same in every attempt.
    """

    family: ClassVar[Family] = "integrations"
    symbol: ClassVar[Symbol] = Symbol(
        icon="webhook", colour="#059669", shape="parallelogram", names={"pt-BR": "Webhook", "en": "Webhook"}
    )
    example: ClassVar[str] = """
id: tell_crm
card: webhook
to: crm
event: plan_chosen
data: {document: "{{ document }}", protocol: "{{ conversation.protocol }}"}
"""

    to: WebhookName
    """Name of the receiver under `[webhooks]` of `prosa.toml`."""
    event: Name
    """Name of the event; the `type` of the body."""
    data: dict[str, Fillable] = Field(default_factory=dict)
    """Data of the event."""
    patience: Duration = LIMITS.outside_patience
    """How long to try."""
    exits: WebhookExits = WebhookExits()
    """Where to go when it was not taken."""

    async def play(self, conversation: Conversation) -> str:
        """Post the event, and return `done` or `failed`."""
        data = {name: conversation.fill(value) for name, value in self.data.items()}
        taken = await post_event(conversation, self.to, self.event, data, card=self.id, patience=self.patience)
        return DONE if taken else "failed"

    def ways_out(self) -> tuple[Exit, ...]:
        """Return `done` and `failed`."""
        return (Exit(name=DONE), *self.exits.ways(failed=True))

    def summary(self) -> str:
        """Return the event and its receiver."""
        return f"{self.event} → {self.to}"
