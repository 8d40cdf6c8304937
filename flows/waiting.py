"""Waiting for whatever the contact says, with reminders, until there is no more patience."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import AwareDatetime

from domain.message import Content, Inbound
from domain.model import Memory
from flows.conversation import Conversation
from flows.patience import Reminder, deadline, due, is_over


class Waiting(Memory):
    """What a card remembers while it waits."""

    since: AwareDatetime | None = None
    reminded: int = 0


async def interaction(
    conversation: Conversation, memory: Waiting, patience: timedelta | None, reminders: Sequence[Reminder]
) -> Inbound | None:
    """Return what the contact says next, None when *patience* has passed in silence.

    A message that is too long to be read is not it: the conversation itself has asked for a shorter one.
    UndeliveredError when something said before was for good not delivered.
    """
    since = memory.since = memory.since or conversation.now
    while True:
        message = await conversation.next_message(deadline(since, patience, reminders, memory.reminded))
        if message is not None and not message.truncated:
            return message
        if message is None and is_over(since, patience, conversation.now):
            return None
        if (number := due(since, reminders, conversation.now)) > memory.reminded:
            conversation.say(Content(text=conversation.render(reminders[number - 1].text)))
            conversation.record("reminder_sent", number=number)
            memory.reminded = number
