"""What was measured, before anything is made of it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from bench.history import Size

PROSA: Final = "Prosa"
NOT_IDEMPOTENT: Final = "Prosa, not idempotent"
POSTGRESQL: Final = "Prosa, PostgreSQL"
USUAL: Final = "Usual"
LEAN: Final = "Lean"


@dataclass
class Burst:
    """Every contact speaks in the same instant, so that many conversations are woken at once."""

    contacts: int
    times: list[float]
    """Seconds from that instant until each message was answered."""
    cpu: float
    """CPU-seconds of all processes together."""


@dataclass
class Round:
    """One system, one round."""

    latencies: list[float]
    """Seconds from webhook to send, at low load."""
    turns: int
    seconds: float
    """That the turns took with all contacts answering at once."""
    cpu: dict[str, float]
    """CPU-seconds of server, worker, gateway, and the database where it is a process, in that time."""
    bursts: dict[int, Burst] = field(default_factory=dict[int, Burst])
    """By the number of messages of each contact."""


@dataclass
class Once:
    """What is exact, or too long to repeat."""

    turn: Size
    """What one plain turn adds to the history."""
    cold: dict[int, list[float]]
    """Seconds of the first turn after a restart of the worker, by the turns taken before."""
    open: int
    opening_seconds: float
    """That it took to open so many conversations."""
    memory_before: int
    memory: int
    """Bytes resident in the worker with none, and with all of them open."""


@dataclass
class Language:
    """What the language costs, in seconds."""

    stories: int = 0
    played: dict[int, float] = field(default_factory=dict[int, float])
    """All stories, by the number of processes."""
    turns: dict[int, list[float]] = field(default_factory=dict[int, list[float]])
    """Webhook to send, by the number of cards of the flow."""
    checked: dict[int, float] = field(default_factory=dict[int, float])
    """Reading and checking a library, by the number of its flows."""


@dataclass
class Scale:
    """One system with very many conversations open."""

    open: int
    opening_seconds: float = 0
    memory: dict[int, int] = field(default_factory=dict[int, int])
    """Bytes resident in the worker, by the number of conversations that are open."""
    commands: dict[str, float] = field(default_factory=dict[str, float])
    """Seconds that a command took, by what it is called."""
    ready_seconds: float = 0
    """From the start of a new worker's process until it polls."""
    answered: list[float] = field(default_factory=list[float])
    """Seconds from the same start until each of the conversations that spoke was answered, in order."""


@dataclass
class Attack:
    """Visitors beside attacks, by means of attack."""

    seconds: float = 0
    """That each was measured in each round."""
    times: dict[str, list[list[float]]] = field(default_factory=dict[str, list[list[float]]])
    """Seconds from the visitors' messages to the replies on their pages, by round."""
    gateway: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    """Share of a core that the gateway used, by round."""
    refused: dict[str, Counter[int]] = field(default_factory=dict[str, Counter[int]])
    """Visitors' messages that were not taken at once, by status; 0 without an answer."""


@dataclass
class Results:
    """All of it, by system."""

    rounds: dict[str, list[Round]] = field(default_factory=dict[str, list[Round]])
    once: dict[str, Once] = field(default_factory=dict[str, Once])
    repeats: dict[str, int] = field(default_factory=dict[str, int])
    """Messages that the provider got more than once."""
    posted_again: dict[str, int] = field(default_factory=dict[str, int])
    """Webhooks that were answered with a 5xx, and posted again."""
    language: Language = field(default_factory=Language)
    scale: dict[str, Scale] = field(default_factory=dict[str, Scale])
    attack: Attack = field(default_factory=Attack)
