"""Agents and their queues: places in a queue, and an agent's actions in a conversation."""

from datetime import timedelta
from typing import Literal

from domain.model import Value


class Queue(Value):
    """Where conversations wait for people."""

    title: str = ""
    """Displayed name of the queue for contacts."""
    calendar: str = ""
    """When somebody is there; empty: always."""
    webhook: str = ""
    """Receiver of a webhook for each conversation that begins to wait; empty: none."""
    email: str = ""
    """Recipients of an e-mail for each of them; empty: nobody."""


class Place(Value):
    """Where a conversation stands in a queue, and how long it is likely to wait there still."""

    position: int = 1
    """Position in the queue, counted from 1: the most urgent first, then the longest waiting."""
    estimate: timedelta | None = None
    """Time within which most have their answer; None without an honest estimate."""


class Act(Value):
    """An agent's action in a conversation that is handed over."""

    kind: Literal["take", "say", "resolve"]
    by: str
    text: str = ""
    """Message to the contact, or the note of a resolution."""
    handover: int
    """The event by which the conversation was passed to people: an act that is meant for another one is ignored."""
