"""What a page of the reference consists of. Texts are prose in English: paragraphs, with `code` in backticks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """One key that a file may hold."""

    path: str
    """With the keys around it: `reminders[].after`."""
    holds: str
    """What kind of value, in prose."""
    required: bool
    instead: str
    """What counts when it is not said, as flows spell it; nothing when that is nothing."""
    about: str


@dataclass(frozen=True)
class Topic:
    """One thing to look up."""

    name: str
    about: str
    title: str = ""
    """What a name that is a code stands for."""
    keys: tuple[Key, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    """What may be written, and what it means."""
    example: str = ""
    """YAML."""
    level: int = 2
    """2, or 3 for what belongs to the topic above it."""

    @property
    def anchor(self) -> str:
        """Where on its page it stands."""
        return self.name.lower().replace(" ", "-")


@dataclass(frozen=True)
class Chapter:
    """Topics of one kind."""

    name: str
    title: str
    about: str
    topics: tuple[Topic, ...]
