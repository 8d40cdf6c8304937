"""Messages: from the contact (inbound) and to the contact (outbound)."""

from collections.abc import Sequence
from typing import Literal

from pydantic import AwareDatetime, Field, JsonValue

from domain.contact_card import ContactCard
from domain.model import Value
from domain.template import Sending


class FileRef(Value):
    """A file in the file store; only the reference travels."""

    id: str
    """SHA-256 of the content, 64 hex digits."""
    name: str
    mime: str
    size: int
    """Bytes."""


class FileContent(Value):
    """A file on its way into the file store; never in a history."""

    name: str
    mime: str
    data: bytes


class Option(Value):
    """One choice that the contact may tap."""

    id: str
    label: str


def are_numbers(labels: Sequence[str]) -> bool:
    """Whether options are numbers themselves, as a survey's scores are: numbers before them would be read for them."""
    return all(label.isdecimal() for label in labels)


def listed(labels: Sequence[str]) -> list[str]:
    """Return options as lines to be read: each with its number, or numbers in one line without."""
    if are_numbers(labels):
        return [" · ".join(labels)] if labels else []
    return [f"{n}. {label}" for n, label in enumerate(labels, 1)]


class Location(Value):
    """A place on the map."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    """Degrees, WGS 84."""
    name: str = ""
    address: str = ""

    @property
    def words(self) -> str:
        """Name and address, a line each; the degrees of a place that has neither."""
        known = [line for line in (self.name, self.address) if line]
        return "\n".join(known) or self._degrees

    @property
    def link(self) -> str:
        """Where any phone and any browser shows it on a map (Google's Maps URLs, which need no key)."""
        return f"https://www.google.com/maps/search/?api=1&query={self._degrees}"

    @property
    def _degrees(self) -> str:
        return f"{self.latitude:.6f},{self.longitude:.6f}"


class Callback(Value):
    """A callback: data that another system posted to an address of the conversation."""

    key: str
    """Conversation and seq of the event `event_expected`."""
    event: str
    """Id of the option in the flow."""
    data: JsonValue = None
    """The body, read as JSON."""


class Link(Value):
    """A way out of the conversation that the contact may tap: to a page, or to call or write to somebody."""

    title: str = Field(min_length=1)
    url: str = Field(max_length=2_048, pattern=r"^(https?://[^\s/?#]\S*|tel:\+?[0-9().-]+|mailto:[^\s@]+@\S+)$")

    @property
    def words(self) -> str:
        """Title and address in one line."""
        return f"{self.title}: {self.url}"


class Content(Value):
    """One thing to say, before it is fitted to a channel: text, options to tap, a file with a caption, a place, a card.

    A place and a contact card have no text beside them; the text of a template is what the contact reads.
    """

    text: str = ""
    options: tuple[Option, ...] = ()
    links: tuple[Link, ...] = ()
    typing: int = 0
    """Seconds for which the contact sees that somebody is typing, before it is shown."""
    file: FileRef | None = None
    location: Location | None = None
    contact_card: ContactCard | None = None
    template: Sending | None = None

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to see."""
        shown = (self.options, self.links, self.file, self.location, self.contact_card, self.template)
        return not self.text.strip() and not any(shown)

    @property
    def words(self) -> str:
        """Text for lists and transcripts; of a file without caption, its name."""
        if self.location is not None:
            return self.location.words
        if self.contact_card is not None:
            return self.contact_card.words
        return self.text or (self.file.name if self.file else "")


class Outreach(Value):
    """The beginning of a conversation that the company opens: its first message, flow and inputs."""

    flow: str
    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    """Variables of the flow to set."""
    message: Content | None = None
    """The first message."""
    by: str = ""
    """Opener: the key of a card's step, or an operator's login."""
    unheard: int = 0
    """How many conversations opened the next before this one, without a word of any contact in between."""
    reason: str = ""
    """Why, in the words of that person; the contact does not see it."""


Source = Literal["contact", "company", "system"]
"""Sender of a message that a conversation reads: the contact, the company that opens it, or a system's callback."""


class Inbound(Value):
    """One interaction, as a conversation reads it; `source` says whose it is.

    `message_id` is the key of its inbox row. Text longer than the limit is kept whole as the first of `files`, `text`
    holds its beginning, and `truncated` is true.
    """

    message_id: str
    at: AwareDatetime
    text: str = ""
    choice: str | None = None
    files: tuple[FileRef, ...] = ()
    truncated: bool = False
    location: Location | None = None
    callback: Callback | None = None
    """Another system's callback."""
    language: str = ""
    """Language of the contact, as the channel reports it."""
    referral: str = ""
    """Name of the link, QR code or advertisement that the contact comes by."""
    missed_call: bool = False
    """The contact has called, and nobody took it: nothing was said."""
    outreach: Outreach | None = None
    """How the company opens the conversation."""
    origin: str = ""
    """Keyed hash of the network address of a visitor of the web chat; empty on other channels."""

    @property
    def source(self) -> Source:
        """Sender of the message."""
        if self.callback is not None:
            return "system"
        return "contact" if self.outreach is None else "company"


class Part(Content):
    """One provider call: a content that fits the channel, under its key within the conversation."""

    seq: int


PartState = Literal["queued", "sending", "sent", "delivered", "read", "failed", "unknown"]

RANK: dict[str, int] = {"queued": 0, "sending": 1, "unknown": 2, "sent": 3, "delivered": 4, "read": 5}
"""Order of the states that a provider may report late or twice: a part never goes down."""
