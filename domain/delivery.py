"""The opening that a delivery claims, and the results of a delivery."""

from domain.contact import Known
from domain.message import Inbound, PartState
from domain.model import Value


class PartOutcome(Value):
    """State of one part; `queued` means that another try is safe and has not been made yet."""

    seq: int
    state: PartState
    reason: str = ""


class Lost(Value):
    """Turns that Temporal has lost and the journal still has."""

    conversation_id: str
    upto: int
    """The last event of the journal."""
    messages: tuple[Inbound, ...] = ()
    """Messages of the contact since the wait at which the turn began; empty when they are too large for a new run."""


class Delivered(Value):
    """The answer of `deliver`."""

    stale: bool = False
    """The opening event had been consumed before: this run is a late repeat and ends in silence."""
    protocol: str = ""
    entry: str = ""
    """Version of the entry flow that the opening found published; empty when there was none."""
    known: Known = Known()
    """Known facts about the contact when the conversation opens."""
    parts: tuple[PartOutcome, ...] = ()
    skipped: bool = False
    """Whether an operator stopped the waiting: parts that were not sent by then have been given up."""
    lost: Lost | None = None
    """Another turn stands in the journal where this one would: nothing was written, and nothing sent."""

    @property
    def pending(self) -> tuple[int, ...]:
        """The keys of the parts that still have to be sent."""
        return tuple(part.seq for part in self.parts if part.state == "queued")


class OpeningClaim(Value):
    """The claim on an opening that the first delivery of a conversation writes down."""

    message_id: str
    chain: str
    """First run id of the chain of runs: tells a repeated activity from a late repeat of the message."""
    workflow_id: str
    account: str
    channel: str
    address: str
    name: str = ""
    flow: str
    zone: str
