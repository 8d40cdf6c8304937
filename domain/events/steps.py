"""Events of the way through flows and cards."""

from typing import Literal

from pydantic import JsonValue

from domain.conversation import Keyword, Priority
from domain.events.base import EventData, Moment


class FlowEntered(EventData):
    """A flow began, in one published version."""

    kind: Literal["flow_entered"] = "flow_entered"
    flow: str
    """Name of the flow."""
    version: str
    """Hash of the version."""
    number: int
    """Number of the version, as shown to people."""


class FlowLeft(EventData):
    """A flow ended, or was left for a keyword."""

    kind: Literal["flow_left"] = "flow_left"
    flow: str
    """Name of the flow."""
    exit: str
    """The exit of its last card, or the keyword."""


class ExitTaken(EventData):
    """A card was left."""

    kind: Literal["exit_taken"] = "exit_taken"
    exit: str
    """Name of the exit."""
    target: str
    """Where it leads: a card, `flow:NAME`, or `end`."""


class KeywordHeard(EventData):
    """The contact wrote a keyword that leads elsewhere."""

    kind: Literal["keyword_heard"] = "keyword_heard"
    keyword: Keyword
    """`menu`, `back`, `repeat`, `agent` or `leave`."""
    target: str
    """Where it leads: a card, `flow:NAME`, or `end`."""


class VariableSet(EventData):
    """A variable of the flow got a value."""

    kind: Literal["variable_set"] = "variable_set"
    variable: str
    """Name of the variable."""
    value: JsonValue
    """The value; masked when the variable is sensitive."""


class WayDrawn(EventData):
    """The card `split` chose one of its ways."""

    kind: Literal["way_drawn"] = "way_drawn"
    way: str
    """Name of the way."""


class DelayBegun(EventData):
    """The card `delay` began to let time pass."""

    kind: Literal["delay_begun"] = "delay_begun"
    until: Moment
    """When it goes on."""
    interruptible: bool
    """Whether a message of the contact ends the wait."""


class TagAdded(EventData):
    """The conversation got a tag."""

    kind: Literal["tag_added"] = "tag_added"
    tag: str
    """The tag."""


class TagRemoved(EventData):
    """The conversation lost a tag."""

    kind: Literal["tag_removed"] = "tag_removed"
    tag: str
    """The tag."""


class PrioritySet(EventData):
    """The conversation got another priority."""

    kind: Literal["priority_set"] = "priority_set"
    priority: Priority
    """`low`, `normal`, `high` or `urgent`."""


class NoteAdded(EventData):
    """A card wrote a note for people who look at the conversation."""

    kind: Literal["note_added"] = "note_added"
    text: str
    """The note."""


class ReferencePointReached(EventData):
    """The conversation passed a card `reference_point`."""

    kind: Literal["reference_point_reached"] = "reference_point_reached"
    name: str
    """Name of the point."""
