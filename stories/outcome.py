"""The outcome of a story: its transcript, the first difference, and the cards and exits it reached."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from domain.event import Event

Who = Literal["contact", "agent", "bot", "time", "event", "end"]


@dataclass(frozen=True)
class Line:
    """One line of a transcript."""

    who: Who
    text: str


class Difference(Exception):  # noqa: N818 - not a mistake of ours: the flow does not do what its story says
    """The first thing that is not as the story says."""

    def __init__(self, expected: str, found: str, at: int | None = None) -> None:
        super().__init__(expected, found, at)
        self.expected = expected
        self.found = found
        self.at = at
        """Index of the line in the transcript; None: after the last one."""


@dataclass
class Outcome:
    """One story, played."""

    story: str
    flow: str
    file: str
    begins: int
    """The line where it begins."""
    line: int
    """Of the step that was not as it should be, else of the story."""
    transcript: list[Line] = field(default_factory=list[Line])
    difference: Difference | None = None
    seconds: float = 0.0
    """How long it took here, in real time."""
    events: Sequence[Event] = ()
    """The journal of its conversations."""
    asserted: frozenset[int] = frozenset()
    """The places in `events` of the messages and endings that the story lists."""
    looked: tuple[int, ...] = ()
    """How many events there were each time that the story looked at variables, tags, exits and the like."""
