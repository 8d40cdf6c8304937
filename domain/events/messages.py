"""Events of messages from the contact, the company and other systems."""

from typing import Literal

from domain.contact_card import ContactCard
from domain.events.base import EventData
from domain.message import Callback, Content, FileRef, Inbound, Link, Location, Option, Outreach
from domain.template import Sending


class Heard(EventData):
    """A message as it came in and was read by a conversation."""

    message_id: str
    """Key of its row in the inbox."""
    text: str = ""
    """Text of the message."""
    choice: str | None = None
    """Id of the option that was tapped."""
    files: tuple[FileRef, ...] = ()
    """References to the files that came with it."""
    truncated: bool = False
    """Whether the text was too long: the whole of it is the first of `files`."""
    location: Location | None = None
    """A place on the map."""
    callback: Callback | None = None
    """The other system's callback: the key of `event_expected`, the name of the event, its data."""
    language: str = ""
    """The contact's language, as the channel says."""
    referral: str = ""
    """Name of the link, QR code or advertisement from which the contact comes."""
    missed_call: bool = False
    """The contact called, and nobody answered: nothing was said."""
    outreach: Outreach | None = None
    """How the company opened the conversation: flow, inputs, message, person, reason."""
    late: bool = False
    """It came when nothing waited for it: a message after the end, an event that no card expects."""


class MessageReceived(Heard):
    """The conversation read a message of the contact."""

    kind: Literal["message_received"] = "message_received"


class EventReceived(Heard):
    """The conversation read another system's callback."""

    kind: Literal["event_received"] = "event_received"


class ConversationInitiated(Heard):
    """The company opened the conversation, as described under `outreach`."""

    kind: Literal["conversation_initiated"] = "conversation_initiated"


class MessageSent(EventData):
    """One message to the contact left for the provider."""

    kind: Literal["message_sent"] = "message_sent"
    by: str = ""
    """The agent who says it; the bot, when empty."""
    text: str = ""
    """Text of the message; caption of a file; text of a template."""
    options: tuple[Option, ...] = ()
    """Options to tap, each with its id."""
    links: tuple[Link, ...] = ()
    """Links to tap, each with its title."""
    typing: int = 0
    """Seconds for which the contact sees that somebody is typing, before it is shown."""
    file: FileRef | None = None
    """Reference to the file that is sent."""
    location: Location | None = None
    """A place on the map."""
    contact_card: ContactCard | None = None
    """A person or company to get in touch with."""
    template: Sending | None = None
    """The approved template, with its parameters."""


class MessageFailed(EventData):
    """A message was for good not delivered."""

    kind: Literal["message_failed"] = "message_failed"
    part: int
    """Number of its event `message_sent`."""
    reason: str
    """Why, as the provider says."""


def heard(message: Inbound, *, late: bool = False) -> MessageReceived | EventReceived | ConversationInitiated:
    """Return the event by which *message* is read."""
    kind = MessageReceived
    if message.outreach is not None:
        kind = ConversationInitiated
    elif message.callback is not None:
        kind = EventReceived
    return kind.model_validate({**dict(message), "late": late})


def sent(content: Content, by: str = "") -> MessageSent:
    """Return the event by which *content* is said, by the agent *by* or by the bot."""
    return MessageSent.model_validate({**dict(content), "by": by})
