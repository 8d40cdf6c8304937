"""Events of handovers: conversations that wait for agents, acts of agents, notices to them."""

from typing import Literal

from domain.conversation import Priority
from domain.events.base import EventData, Moment


class HandedOver(EventData):
    """The conversation began to wait for people."""

    kind: Literal["handed_over"] = "handed_over"
    until: Moment
    """When it waits no longer."""
    queue: str
    """Name of the queue in the settings."""
    agent: str
    """The agent that is asked for; empty: any."""
    priority: Priority
    """The priority with which it waits."""
    skills: tuple[str, ...]
    """Skills that the agent should have."""
    note: str
    """Note for the agent; may be empty."""
    position: int
    """Position in the queue that the contact is told, counted from 1."""
    estimate: float | None
    """Seconds of waiting that the contact is told; nothing when nobody can say."""


class HandoverGivenUp(EventData):
    """The contact would rather not wait; a keyword or the exit that follows says where to."""

    kind: Literal["handover_given_up"] = "handover_given_up"


class AgentJoined(EventData):
    """An agent took the conversation."""

    kind: Literal["agent_joined"] = "agent_joined"
    by: str
    """Login of the agent."""


class HandoverResolved(EventData):
    """An agent said that the matter is resolved."""

    kind: Literal["handover_resolved"] = "handover_resolved"
    by: str
    """Login of the agent."""
    note: str
    """A note to it; may be empty."""


class PeopleNotified(EventData):
    """The card `notify` sent a notice to agents or operators."""

    kind: Literal["people_notified"] = "people_notified"
    text: str
    """Text of the notice."""
    to: str | None
    """The receiver under `webhooks` of the settings, if there is one."""
    email: str | None = None
    """The receivers under `emails` of the settings, if there are some."""
