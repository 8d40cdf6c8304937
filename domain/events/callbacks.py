"""Events of waiting for other systems; their callbacks (`event_received`) are among the messages."""

from typing import Literal

from domain.events.base import EventData, Moment


class EventExpected(EventData):
    """An address was made at which another system may tell an event; it is signed for this event's key."""

    kind: Literal["event_expected"] = "event_expected"
    event: str
    """Name of the event in the flow."""


class EventAwaited(EventData):
    """The card `wait_event` began to wait."""

    kind: Literal["event_awaited"] = "event_awaited"
    event: str
    """Name of the event in the flow."""
    until: Moment
    """When it waits no longer."""
    interruptible: bool
    """Whether a message of the contact ends the wait."""


class EventMissed(EventData):
    """The event did not come in time."""

    kind: Literal["event_missed"] = "event_missed"
    event: str
    """Name of the event in the flow."""
