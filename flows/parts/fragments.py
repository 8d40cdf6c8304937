"""An answer that is typed in several messages in a row."""

from datetime import datetime, timedelta
from typing import Final

from pydantic import AwareDatetime, Field

from domain.limits import LIMITS
from domain.message import Inbound
from domain.model import Memory
from flows.conversation import Conversation

LONGEST: Final = timedelta(minutes=5)
"""How long a question may wait for the rest of an answer."""


class Fragments(Memory):
    """The messages of one answer so far, and the time at which it counts as complete."""

    heard: list[Inbound] = Field(default_factory=list[Inbound])
    complete_at: AwareDatetime | None = None

    def __bool__(self) -> bool:
        """Whether a part of an answer waits for the rest."""
        return bool(self.heard)

    async def read(self, conversation: Conversation, settle: timedelta | None, until: datetime) -> Inbound | None:
        """Return the next message, joined with those that follow within *settle*; None when *until* has passed."""
        while not self.are_complete(conversation.now):
            message = await conversation.next_message(self.complete_at or until)
            if settle is None or (message is None and not self):
                return message
            if message is not None:
                self.add(message, conversation.now, settle)
        return self.take()

    def add(self, message: Inbound, now: datetime, settle: timedelta) -> None:
        """Take a part in; the answer is complete when nothing more comes for *settle*, or when nothing more fits.

        What is tapped is a whole answer, and what was too long will not get better.
        """
        self.heard = [message] if message.choice is not None else [*self.heard, message]
        size = sum(len(part.text.encode()) for part in self.heard)
        is_full = len(self.heard) >= LIMITS.fragments or size >= LIMITS.message_text
        self.complete_at = now if is_full or message.choice is not None or message.truncated else now + settle

    def are_complete(self, now: datetime) -> bool:
        """Whether the contact is taken to have finished."""
        return self.complete_at is not None and now >= self.complete_at

    def take(self) -> Inbound:
        """Return the parts as one message, and forget them."""
        last = self.heard[-1]
        whole = last.model_copy(
            update={
                "text": " ".join(part.text.strip() for part in self.heard if part.text.strip()),
                "files": tuple(file for part in self.heard for file in part.files),
                "truncated": any(part.truncated for part in self.heard),
                "location": next((part.location for part in reversed(self.heard) if part.location), None),
            }
        )
        self.heard, self.complete_at = [], None
        return whole
