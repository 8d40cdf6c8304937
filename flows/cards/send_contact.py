"""The card `send_contact`."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from domain.contact_card import ContactCard
from domain.errors import FlowError
from domain.fields import Template
from domain.message import Content
from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation


@cards.register
class SendContact(Card):
    """Send a contact card: a name with phone numbers and addresses, which the contact can tap and save.

    Channels that have contact cards show one; the others get its lines as text.
    """

    family: ClassVar[Family] = "interaction"
    symbol: ClassVar[Symbol] = Symbol(
        icon="contact-round", colour="#2563eb", names={"pt-BR": "Contato", "en": "Contact"}
    )
    example: ClassVar[str] = """
id: finance_desk
card: send_contact
name: "Financeiro"
phones: ["+55 49 3333-0000"]
email: "financeiro@example.com"
organisation: "{{ company.name }}"
"""
    speaks: ClassVar[bool] = True

    name: Annotated[Template, Field(min_length=1)]
    """Name on the card."""
    phones: tuple[Template, ...] = ()
    """Numbers to call, with country code; those that turn out empty are left out."""
    email: Template = ""
    """Address to write to."""
    organisation: Template = ""
    """Organisation on the card."""

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not (any(self.phones) or self.email):
            raise ValueError("expected 'phones' or 'email', found neither")
        return self

    async def play(self, conversation: Conversation) -> str:
        """Send the card; FlowError when there turns out to be no way to reach anybody."""
        name, email, organisation, *phones = (
            conversation.render(text).strip() for text in (self.name, self.email, self.organisation, *self.phones)
        )
        found = tuple(phone for phone in phones if phone)
        if not (name and (found or email)):
            raise FlowError(f"contact card {self.id!r} needs a name, and a phone or an e-mail address")
        conversation.say(
            Content(contact_card=ContactCard(name=name, phones=found, email=email, organisation=organisation))
        )
        return DONE
