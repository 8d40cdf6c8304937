"""One conversation: how it starts, and the state that survives continue-as-new."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from domain.capabilities import Capabilities
from domain.contact import Known
from domain.entry import Entry
from domain.limits import LIMITS
from domain.message import Inbound
from domain.model import Value
from domain.people import Act
from domain.proof import Proof
from domain.wait_defaults import WaitDefaults

Stage = Literal["bot", "queue", "agent", "survey", "ended"]

Priority = Literal["low", "normal", "high", "urgent"]
"""How soon people should look at a conversation."""

Keyword = Literal["menu", "back", "repeat", "agent", "leave"]
"""Requests that a contact may make at any question."""


class Contact(Value):
    """The person outside, on one account."""

    address: str
    name: str = ""


class Shift(Value):
    """Offset of local time from UTC, from a moment on."""

    since: AwareDatetime
    ahead: timedelta


class Company(Value):
    """Facts about the company for flows; `zone` is an IANA time zone."""

    name: str = ""
    zone: str = "America/Sao_Paulo"
    shifts: tuple[Shift, ...] = ()
    """The rules of the zone for the time that a conversation may last, the earliest first.

    They are fixed when it opens: libraries of time zones change, histories do not.
    """

    def local(self, moment: datetime) -> datetime:
        """Return *moment* as clocks show it at the company; in UTC when no rules are known."""
        ahead = [shift.ahead for shift in self.shifts if shift.since <= moment] or [
            shift.ahead for shift in self.shifts[:1]
        ]
        return moment.astimezone(timezone(ahead[-1])) if ahead else moment


class KeywordDefaults(Value):
    """Where keywords lead whose flow says nothing: `flow:NAME` or `end`; and those that are not heard."""

    targets: dict[Keyword, str] = Field(default_factory=dict[Keyword, str])
    off: tuple[Keyword, ...] = ()


class Setup(Value):
    """An account's settings, fixed when a conversation opens so that a replay sees the same."""

    account: str
    channel: str
    flow: str
    """Name of the entry flow of whoever comes by none of `entries`."""
    entries: tuple[Entry, ...] = ()
    contact: Contact
    company: Company = Company()
    capabilities: Capabilities = Capabilities()
    keywords: KeywordDefaults = KeywordDefaults()
    silence: WaitDefaults = WaitDefaults()
    fallback: str = ""
    """Where to go when a card fails whose flow does not say it: `flow:NAME`; empty: nowhere."""
    turns_per_run: int = LIMITS.turns_per_run
    grace: timedelta = LIMITS.grace


class Frame(BaseModel):
    """One flow being played: where it stands and what it knows."""

    model_config = ConfigDict(hide_input_in_errors=True)

    flow: str
    version: str
    """Content hash of the flow."""
    number: int = 0
    """Number among the published versions of that name, counted from 1."""
    card: str | None = None
    variables: dict[str, JsonValue] = Field(default_factory=dict)
    answers: dict[str, JsonValue] = Field(default_factory=dict)
    """Each question's answer, by the id of its card."""
    asked: list[str] = Field(default_factory=list)
    """The questions that have been answered, each once, in order: where `back` leads."""
    keywords: dict[Keyword, str] = Field(default_factory=dict[Keyword, str])
    """Where its flow says that keywords lead."""
    expected: dict[str, str] = Field(default_factory=dict)
    """The key under which each event that it expects will come, by name."""
    memory: dict[str, JsonValue] = Field(default_factory=dict)
    """Memory of the current card."""
    inherited: dict[str, JsonValue] = Field(default_factory=dict)
    """The variables of the flows that this one was entered instead of: its caller may take them as outputs, too."""
    result: dict[str, JsonValue] | None = None
    """The variables of the flow that this frame called and that has come back."""
    exit: str | None = None
    """How the called flow ended."""


class Snapshot(BaseModel):
    """The whole state of a conversation; what continue-as-new hands to the next run."""

    model_config = ConfigDict(hide_input_in_errors=True)

    conversation_id: str
    """Id of the inbox message that opened it."""
    protocol: str = ""
    stage: Stage = "bot"
    opened_at: AwareDatetime | None = None
    flow: str = ""
    """Name of the entry flow."""
    language: str = ""
    """Language of the contact, as the channel last reported it."""
    referral: str = ""
    """Where the contact came from when it began."""
    entry: str = ""
    """Version of the entry flow: its standard sentences serve the whole conversation."""
    frames: list[Frame] = Field(default_factory=list[Frame])
    unread: list[Inbound] = Field(default_factory=list[Inbound])
    seen: list[str] = Field(default_factory=list)
    seq: int = 0
    turns: int = 0
    heard_at: AwareDatetime | None = None
    """When the contact last said something; None when the company has opened the conversation, and nothing came yet."""
    openings: int = 0
    """How many conversations opened the next before this one, without a word of any contact in between."""
    tags: list[str] = Field(default_factory=list)
    priority: Priority = "normal"
    queue: str = ""
    """Where it waits for people, or waited for those who have it now."""
    handover: int | None = None
    """The event by which it was passed to people, while it is with them."""
    acts: list[Act] = Field(default_factory=list[Act])
    """Acts of agents that the conversation has not yet carried out."""
    survey: Literal["answered", "no_answer"] | None = None
    """How the one survey of this conversation went; None when none has been asked."""
    known: Known = Known()
    """Known facts about the contact, from this conversation and earlier ones."""
    proofs: list[Proof] = Field(default_factory=list[Proof])
    """The customers that the contact has proved to be; they end with the conversation."""
    repeated: list[str] = Field(default_factory=list)
    """Hashes of what the contact last said, by which another bot is noticed."""
    silences: int = 0
    """How many cards in a row have been left because time was up, without a word of the contact."""
    waits: int = 0
    """How many waits in a row are over, of whatever kind, without a word of the contact."""
    unheard: int = 0
    """How many messages in a row the contact was sent without a word in return."""
    resolution: str | None = None
    ended_at: AwareDatetime | None = None
    thanked: bool = False
    """Whether a thank-you after the end has been answered."""
    failed: list[Frame] = Field(default_factory=list[Frame])
    """The frames as they stood when a step last failed: where another try of it begins."""

    def take_in(self, messages: Sequence[Inbound]) -> list[Inbound]:
        """Add *messages* to those that are unread, but for repeats; return those that were added."""
        known = {*self.seen, *(message.message_id for message in self.unread)} if messages else set[str]()
        new = list({message.message_id: message for message in messages if message.message_id not in known}.values())
        self.unread += new
        self.seen = [*self.seen, *(message.message_id for message in new)][-LIMITS.seen_events :]
        return new


class CloseRequest(Value):
    """An operator's request to end a conversation: name, reason and resolution."""

    by: str
    reason: str = ""
    resolution: str = "closed"


_newest: Final[dict[str, tuple[str, Setup]]] = {}
"""The setup last seen of each account, and its JSON."""


def _shared(setup: Setup) -> Setup:
    """Return *setup*, made of the same objects as the last of its account where all but the contact is equal.

    A worker holds one for each conversation. JSON is compared: to Python, 1 and true are equal.
    """
    json = setup.model_dump_json(exclude={"contact"})
    known = _newest.get(setup.account)
    if known is None or known[0] != json:
        known = _newest[setup.account] = json, setup
    return known[1].model_copy(update={"contact": setup.contact})


class ConversationStart(Value):
    """The one argument of the workflow. A fresh conversation has no snapshot: its first signal opens it."""

    setup: Annotated[Setup, AfterValidator(_shared)]
    snapshot: Snapshot | None = None
    closing: CloseRequest | None = None
    """A request to end the conversation that the run before had no time to follow."""


class Intervention(Value):
    """An operator's request to move a conversation on: retry the failed step, or skip the current wait."""

    kind: Literal["retry", "skip"]
    by: str
    reason: str = ""
    seq: int
    """The last event of the conversation when this was asked for: one that has gone on meanwhile ignores it."""
    exit: str = ""
    """Exit of the card whose wait is skipped; empty: the exit that it takes in silence."""

    def applies_to(self, state: Snapshot) -> bool:
        """Say whether the conversation still stands where it stood when this was asked for."""
        return self.seq == state.seq and state.stage != "ended" and (self.kind == "skip" or bool(state.failed))
