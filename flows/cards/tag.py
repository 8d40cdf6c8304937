"""The card `tag`."""

from typing import Annotated, ClassVar, Self

from pydantic import StringConstraints, model_validator

from domain.events.steps import TagAdded, TagRemoved
from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation

Tag = Annotated[str, StringConstraints(pattern=r"^[^\s,]([^,\n]{0,38}[^\s,])?$")]
"""A tag as people write it: up to 40 characters, no comma."""


@cards.register
class TagConversation(Card):
    """Add tags to the conversation, or remove them; agents and operators find conversations by them.

    Tags are fixed words, never a contact's own: Temporal shows them to its operators. A `condition` checks them with
    `"vip" in conversation.tags`.
    """

    family: ClassVar[Family] = "service"
    symbol: ClassVar[Symbol] = Symbol(icon="tag", colour="#a16207", names={"pt-BR": "Etiqueta", "en": "Tag"})
    example: ClassVar[str] = """
id: mark_late_payer
card: tag
add: [inadimplente, segunda via]
remove: [em dia]
"""

    add: tuple[Tag, ...] = ()
    """The tags to put on."""
    remove: tuple[Tag, ...] = ()
    """The tags to take off."""

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.add and not self.remove:
            raise ValueError("expected tags under 'add' or 'remove'")
        if both := sorted({*self.add} & {*self.remove}):
            raise ValueError(f"{', '.join(map(repr, both))} cannot be added and removed at once")
        return self

    async def play(self, conversation: Conversation) -> str:
        """Remove and add the tags that differ from the present ones."""
        for tag in self.remove:
            if tag in conversation.tags:
                conversation.record(TagRemoved(tag=tag))
        for tag in self.add:
            if tag not in conversation.tags:
                conversation.record(TagAdded(tag=tag))
        return DONE

    def summary(self) -> str:
        """Return the tags that it puts on and takes off."""
        return ", ".join([*(f"+{tag}" for tag in self.add), *(f"-{tag}" for tag in self.remove)])
