"""The card `note`."""

from typing import Annotated, ClassVar

from domain.events.steps import NoteAdded
from domain.fields import Journalled, Template
from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation


@cards.register
class Note(Card):
    """Write a note for agents into the conversation; the contact does not see it."""

    family: ClassVar[Family] = "service"
    symbol: ClassVar[Symbol] = Symbol(icon="sticky-note", colour="#ca8a04", names={"pt-BR": "Anotação", "en": "Note"})
    example: ClassVar[str] = """
id: tell_colleagues
card: note
text: "Tem {{ invoices | length }} boletos em aberto; pediu o de {{ invoice.due | date }}."
"""

    text: Annotated[Template, Journalled()]
    """Text of the note; an empty one is not written."""

    async def play(self, conversation: Conversation) -> str:
        """Write the note."""
        if text := conversation.render(self.text).strip():
            conversation.record(NoteAdded(text=text))
        return DONE
