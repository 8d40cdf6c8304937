"""One finding of the doctor: the fault, why it matters, and how to mend it."""

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["fine", "notice", "trouble"]


@dataclass(frozen=True)
class Finding:
    """A finding about one subject (`temporal`, `worker`, `erp billing`)."""

    level: Level
    subject: str
    what: str
    why: str = ""
    mend: tuple[str, ...] = field(default=())
    """Remedies, a sentence or a command each."""


def fine(subject: str, what: str) -> Finding:
    """Return that all is well."""
    return Finding("fine", subject, what)


def notice(subject: str, what: str, why: str, *mend: str) -> Finding:
    """Return something that somebody should know."""
    return Finding("notice", subject, what, why, mend)


def trouble(subject: str, what: str, why: str, *mend: str) -> Finding:
    """Return something that somebody has to mend."""
    return Finding("trouble", subject, what, why, mend)


def count(number: int, one: str, many: str = "") -> str:
    """Return `1 message`, `3 messages`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
