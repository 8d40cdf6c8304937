"""Events of a conversation as a whole: its opening, its end, acts of operators, and losses of Temporal."""

from typing import Literal

from domain.conversation import Priority, Stage
from domain.entry import Mark
from domain.events.base import EventData
from domain.model import Value


class OpenedBy(Value):
    """The entry of the account by which a conversation was opened."""

    number: int
    by: Mark
    found: str


class ConversationOpened(EventData):
    """A conversation was opened; always its first event."""

    kind: Literal["conversation_opened"] = "conversation_opened"
    account: str
    """Name of the account in the settings."""
    channel: str
    """The channel of the account."""
    address: str
    """The contact's address on the channel."""
    name: str
    """The contact's name, as the channel says it; may be empty."""
    flow: str
    """The flow with which it begins."""
    workflow_id: str
    """Id of its workflow in Temporal."""
    entry: OpenedBy | None = None
    """The entry that fitted: its number in the settings, counted from 1, its mark, and the words or the referral."""


class ConversationEnded(EventData):
    """The conversation has ended."""

    kind: Literal["conversation_ended"] = "conversation_ended"
    resolution: str
    """Resolution: `completed`, `error`, or one that the card `close` or an operator gives."""
    by: str | None = None
    """The person who ended it, when it was one."""
    reason: str | None = None
    """Why that person ended it."""


class ConversationRepaired(EventData):
    """Temporal had lost turns that the journal has: the conversation goes on from its last wait."""

    kind: Literal["conversation_repaired"] = "conversation_repaired"
    since: int
    """Number of the last event before the lost turns."""
    upto: int
    """Number of the last event that was lost."""
    stage: Stage
    """The stage before the next event."""
    tags: tuple[str, ...]
    """The tags before the next event."""
    priority: Priority
    """The priority before the next event."""
    queue: str
    """The queue before the next event; empty: none."""


class ConversationTerminated(EventData):
    """An operator ended a conversation whose workflow was dead, by the command line."""

    kind: Literal["conversation_terminated"] = "conversation_terminated"
    by: str
    """Login of the operator."""
    reason: str
    """Why."""


class StepFailed(EventData):
    """A card failed; `exit_taken` says where the conversation went on."""

    kind: Literal["step_failed"] = "step_failed"
    error: str
    """Code of the error."""
    message: str
    """Error message, at most 1,000 characters."""


class WaitSkipped(EventData):
    """An operator ended a wait before its time."""

    kind: Literal["wait_skipped"] = "wait_skipped"
    by: str
    """Login of the operator."""
    reason: str
    """Why."""
    exit: str
    """The exit by which the card was left."""


class StepRetried(EventData):
    """An operator had the failed step played again; the event stands at that card."""

    kind: Literal["step_retried"] = "step_retried"
    by: str
    """Login of the operator."""
    reason: str
    """Why."""
