"""The card `update_contact`."""

from typing import ClassVar, Final, Self

from pydantic import Field, model_validator

from domain.contact import Known
from domain.errors import InvalidAnswerError
from domain.events.contacts import ContactRefused, ContactUpdated
from domain.fields import Fillable, Template
from domain.language import is_language
from domain.message import Inbound
from flows.answers.base import answers
from flows.cards.base import DONE, Card, Exit, Exits, Family, Symbol, cards
from flows.conversation import Conversation
from flows.names import Name, Target
from flows.parts.question import Question

REFUSED: Final = "refused"
FACTS: Final = ("name", "email", "phone", "document", "language")
FORMS: Final = {"email": "email", "phone": "phone", "document": "cpf_cnpj"}
"""The facts that have a form of their own, and the kind of answer that knows it."""


class UpdateExits(Exits):
    """Where to go afterwards."""

    refused: Target | None = None
    """A value is no e-mail address, phone number, CPF, CNPJ or language: it is not kept; without it, the card below."""


@cards.register
class UpdateContact(Card):
    """Keep facts about the contact, for this conversation and for all later ones.

    Expressions know it as `contact.name`, `contact.email`, `contact.phone`, `contact.document`, `contact.language` and,
    for fields of your own, `contact.fields.NAME`. An empty value changes nothing. Journal and logs have the
    names of the kept facts, not their values.
    """

    family: ClassVar[Family] = "service"
    symbol: ClassVar[Symbol] = Symbol(
        icon="user-pen", colour="#0d9488", names={"pt-BR": "Atualizar contato", "en": "Update contact"}
    )
    example: ClassVar[str] = """
id: keep_it
card: update_contact
email: "{{ email }}"
document: "{{ customer.document }}"
fields: {plan: "{{ customer.plan }}"}
exits: {refused: ask_email_again}
"""

    name: Template | None = None
    """Name that the contact wants to be called by."""
    email: Template | None = None
    """The e-mail address."""
    phone: Template | None = None
    """The telephone number, with area code."""
    document: Template | None = None
    """The CPF or CNPJ."""
    language: Template | None = None
    """The contact's language: `pt-BR`, `en`; it then replaces the channel's."""
    fields: dict[Name, Fillable] = Field(default_factory=dict)
    """Other facts about the contact; a single `{{ expression }}` keeps its type."""
    exits: UpdateExits = UpdateExits()
    """Where to go when a value cannot be kept."""

    @model_validator(mode="after")
    def _keeps_something(self) -> Self:
        if not self.texts() and not self.fields:
            raise ValueError(f"expected one of {', '.join(FACTS)}, or 'fields'")
        return self

    async def play(self, conversation: Conversation) -> str:
        """Keep the facts that are new and valid; return `done`, or `refused` when one is invalid."""
        found = {fact: conversation.render(text).strip() for fact, text in self.texts().items()}
        facts = {fact: _checked(conversation, fact, text) for fact, text in found.items()}
        fields = {name: conversation.fill(value) for name, value in self.fields.items()}
        said = {name: value for name, value in fields.items() if value not in (None, "", [])}
        learnt = Known.model_validate({**facts, "fields": said})
        known = conversation.known
        new = [fact for fact, text in facts.items() if text and text != getattr(known, fact)]
        new += [f"fields.{name}" for name, value in learnt.fields.items() if value != known.fields.get(name)]
        if new:
            conversation.learn(learnt)
            conversation.record(ContactUpdated(fields=tuple(new)))
        return REFUSED if any(found[fact] and not facts[fact] for fact in found) else DONE

    def ways_out(self) -> tuple[Exit, ...]:
        """Return `done`, and `refused` when something may be."""
        may_be_refused = {self.email, self.phone, self.document, self.language} != {None}
        return (Exit(name=DONE), *(self.exits.ways(refused=True) if may_be_refused else ()))

    def summary(self) -> str:
        """Return the names of the facts that are kept."""
        return ", ".join((*self.texts(), *self.fields))


def _checked(conversation: Conversation, fact: str, text: str) -> str:
    """Return *text* in the stored form of *fact*; when invalid, return an empty text and record the reason."""
    if fact == "language" and text and not is_language(text):
        conversation.record(ContactRefused(field=fact, reason="not_a_language"))
        return ""
    if not text or fact not in FORMS:
        return text
    try:
        said = Inbound(message_id="", at=conversation.now, text=text)
        return str(answers[FORMS[fact]]().understand(said, Question()).value)
    except InvalidAnswerError as error:
        conversation.record(ContactRefused(field=fact, reason=str(error)))
        return ""
