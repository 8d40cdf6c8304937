"""The card `notify`."""

from typing import ClassVar, Self

from pydantic import JsonValue, model_validator

from domain.events.handover import PeopleNotified
from domain.fields import Template
from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import EmailName, WebhookName
from flows.parts.outside_calls import tell_people


@cards.register
class Notify(Card):
    """Send a notice to agents or operators now; the contact does not see it, and the flow goes on even if it fails.

    It stands in the conversation as a notice. With `to` it is posted to a receiver under `[webhooks]` as well, signed,
    as the event `notification` with `text`, `card`, `protocol`, `account` and `contact` (a chat of your team, a pager).
    With `email` it goes to the addresses under `[emails]`, with protocol, account and contact below the text.
    """

    family: ClassVar[Family] = "service"
    symbol: ClassVar[Symbol] = Symbol(icon="bell", colour="#ca8a04", names={"pt-BR": "Notificação", "en": "Notify"})
    example: ClassVar[str] = """
id: tell_retention
card: notify
text: "{{ contact.name }} quer cancelar: {{ reason }}"
to: team_chat
email: retention
subject: "Pedido de cancelamento de {{ contact.name }}"
"""

    text: Template
    """Text of the notice; an empty one is not sent."""
    to: WebhookName | None = None
    """Receiver under `[webhooks]` of `prosa.toml`; without `to` and `email`, only people who look at the conversation
    read the notice."""
    email: EmailName | None = None
    """Recipients of an e-mail: a table under `[emails]` of `prosa.toml`."""
    subject: Template = ""
    """Subject of the e-mail; without it, the flow's title and the protocol."""

    @model_validator(mode="after")
    def _has_what_a_subject_stands_above(self) -> Self:
        if self.subject and self.email is None:
            raise ValueError("'subject' is that of an e-mail: say to whom under 'email', or leave it out")
        return self

    async def play(self, conversation: Conversation) -> str:
        """Tell it, and go on."""
        text = conversation.render(self.text).strip()
        if not text:
            return DONE
        conversation.record(PeopleNotified(text=text, to=self.to, email=self.email))
        subject = conversation.render(self.subject).strip()
        data: dict[str, JsonValue] = {"text": text}
        await tell_people(
            conversation,
            "notification",
            data,
            card=self.id,
            webhook=self.to or "",
            email=self.email or "",
            subject=subject,
        )
        return DONE
