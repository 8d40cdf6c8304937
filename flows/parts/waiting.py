"""Wait for the contact's message, with reminders and a time limit."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from domain.events.questions import ReminderSent
from domain.message import Content, Inbound
from domain.model import Memory
from domain.wait_defaults import Reminder
from flows.conversation import Conversation
from flows.parts.patience import deadline, due, is_over

Read = Callable[[datetime], Awaitable[Inbound | None]]
"""Returns the next message, None when a moment has passed."""


class Waiting(Memory):
    """State that a card keeps while it waits."""

    since: AwareDatetime | None = None
    """When time limit and reminders began to count: at the question, or at the last refused answer."""
    reminded: int = 0


async def interaction(
    conversation: Conversation,
    memory: Waiting,
    patience: timedelta | None,
    reminders: Sequence[Reminder],
    read: Read,
    *,
    whole: bool = False,
) -> Inbound | None:
    """Return the contact's next message as *read* returns it; None when *patience* has passed in silence.

    When it has to be *whole*, a message that is too long to be read is not it: the conversation itself has asked for a
    shorter one. UndeliveredError when something said before was for good not delivered.
    """
    since = memory.since = memory.since or conversation.now
    while True:
        message = await read(deadline(since, patience, reminders, memory.reminded))
        if message is not None and not (whole and message.truncated):
            return message
        if message is None and is_over(since, patience, conversation.now):
            return None
        if (number := due(since, reminders, conversation.now)) > memory.reminded:
            conversation.say(Content(text=conversation.render(reminders[number - 1].text)))
            conversation.record(ReminderSent(number=number))
            memory.reminded = number
