"""The card `link_contact`."""

from collections.abc import Iterator
from typing import ClassVar, Final, cast

from pydantic import JsonValue

from domain.contact import Known
from domain.duration import Duration
from domain.errors import FlowError
from domain.events.contacts import ContactLinked
from domain.fields import Template
from domain.limits import LIMITS
from flows.cards.base import Asked, Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation, Progress
from flows.names import ConnectionName, SavesRecord, Target
from flows.parts.outside_calls import call_erp

LINKED: Final = "linked"
OPERATION: Final = "list_customers"
FACTS: Final = ("document", "phone", "email")
"""The facts to look up a customer by, the surest first."""


class LinkExits(Exits):
    """Where to go."""

    linked: Target | None = None
    """One customer was found, and is the contact; without it, the card below."""
    not_found: Target | None = None
    """Nobody was found, or there is nothing to look by."""
    ambiguous: Target | None = None
    """Several customers were found: a phone number or an e-mail address that they share."""
    failed: Target | None = None
    """The system did not answer for as long as `patience`, or answered nonsense."""


@cards.register
class LinkContact(Card):
    """Look up the contact as a customer of a system, and keep the link for this and all later conversations.

    It looks by the document, then by the phone number, then by the e-mail address, as far as they are known; the first
    that finds anybody decides. Expressions know the customer's number as `contact.links.CONNECTION`.
    """

    family: ClassVar[Family] = "service"
    symbol: ClassVar[Symbol] = Symbol(
        icon="user-search",
        colour="#059669",
        shape="parallelogram",
        names={"pt-BR": "Vincular contato", "en": "Link contact"},
    )
    example: ClassVar[str] = """
id: who_is_it
card: link_contact
connection: billing
phone: "{{ contact.address }}"
save_as: customer
exits: {not_found: ask_document, ambiguous: ask_document, failed: apologise}
"""

    connection: ConnectionName
    """Name of the connection in `prosa.toml`; it needs the operation `list_customers`."""
    document: Template = "{{ contact.document }}"
    """The CPF or CNPJ to look up; an empty one is skipped."""
    phone: Template = "{{ contact.phone }}"
    """The telephone number to look by."""
    email: Template = "{{ contact.email }}"
    """The e-mail address to look by."""
    save_as: SavesRecord | None = None
    """The variable, a record, that keeps the customer."""
    progress: Progress | None = None
    """Message to the contact when the call takes long."""
    patience: Duration = LIMITS.outside_patience
    """How long to try."""
    exits: LinkExits = LinkExits()
    """Where to go, by the number of customers found."""

    async def play(self, conversation: Conversation) -> str:
        """Look for the customer, and return `linked`, `not_found`, `ambiguous` or `failed`."""
        for fact, value in self._known(conversation):
            answer = await call_erp(
                conversation,
                self.connection,
                OPERATION,
                {fact: value},
                card=self.id,
                patience=self.patience,
                progress=self.progress,
            )
            if answer.outcome == "failed":
                return "failed"
            if found := _customers(answer.value):
                return self._link(conversation, fact, found)
        return "not_found"

    def ways_out(self) -> tuple[Exit, ...]:
        """Return all its exits."""
        return self.exits.ways(linked=True)

    def summary(self) -> str:
        """Return the name of the connection."""
        return self.connection

    def asks(self) -> tuple[Asked, ...]:
        """Return the operation, once for each fact that the customer may be looked for by."""
        facts = [{fact: value} for fact in FACTS if (value := getattr(self, fact))]
        return tuple(
            Asked(connection=self.connection, operation=OPERATION, arguments=fact, key="connection") for fact in facts
        )

    def _known(self, conversation: Conversation) -> Iterator[tuple[str, str]]:
        for fact in FACTS:
            if value := conversation.render(getattr(self, fact)).strip():
                yield fact, value

    def _link(self, conversation: Conversation, fact: str, found: list[dict[str, JsonValue]]) -> str:
        if len(found) > 1:
            return "ambiguous"
        [customer] = found
        number = str(customer["id"])
        conversation.learn(Known(links={self.connection: number}))
        conversation.record(ContactLinked(connection=self.connection, customer=number, by=fact))
        if self.save_as is not None:
            conversation.set(self.save_as, customer)
        return LINKED


def _customers(answer: JsonValue) -> list[dict[str, JsonValue]]:
    """Return the customers of an answer; FlowError when they are none."""
    found = answer if answer is not None else []
    if not isinstance(found, list) or not all(isinstance(one, dict) and one.get("id") for one in found):
        raise FlowError(f"expected {OPERATION!r} to answer a list of customers, each with an 'id'")
    return cast("list[dict[str, JsonValue]]", found)
