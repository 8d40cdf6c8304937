"""Parts of a page of the reference. Texts are prose in English: paragraphs, with `code` in backticks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """One key that a file may hold."""

    path: str
    """With the keys around it: `reminders[].after`."""
    holds: str
    """Kind of value, in prose."""
    required: bool
    instead: str
    """Default value, as flows write it; empty without one."""
    about: str


@dataclass(frozen=True)
class Topic:
    """One thing to look up."""

    name: str
    about: str
    title: str = ""
    """Title of a topic whose name is a code."""
    keys: tuple[Key, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    """Keys or values, and their meaning."""
    example: str = ""
    """YAML."""
    level: int = 2
    """2, or 3 for a part of the topic above it."""

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
