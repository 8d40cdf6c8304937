"""Agents and their queues: places in a queue, and an agent's actions in a conversation."""

from datetime import timedelta
from typing import Literal

from domain.model import Value


class Queue(Value):
    """Where conversations wait for people."""

    title: str = ""
    """What contacts are told of it."""
    calendar: str = ""
    """When somebody is there; empty: always."""
    webhook: str = ""
    """Which receiver is told of conversations that begin to wait; empty: none."""
    email: str = ""
    """Who is told of them by e-mail; empty: nobody."""


class Place(Value):
    """Where a conversation stands in a queue, and how long it is likely to wait there still."""

    position: int = 1
    """Whose turn it is next, counted from 1: the most urgent goes first, then who has waited longest."""
    estimate: timedelta | None = None
    """Within what time most have their answer; None where nobody can honestly say."""


class Act(Value):
    """An agent's action in a conversation that is handed over."""

    kind: Literal["take", "say", "resolve"]
    by: str
    text: str = ""
    """What to say, or a note to what was resolved."""
    handover: int
    """The event by which the conversation was passed to people: an act that is meant for another one is ignored."""
