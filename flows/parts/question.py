"""A question as a kind of answer sees it, when it is asked."""

from datetime import date

from pydantic import JsonValue

from domain.model import Value


class Choice(Value):
    """One thing to choose, as it stands when the question is asked."""

    id: str
    label: str
    value: JsonValue
    synonyms: tuple[str, ...] = ()


class Question(Value):
    """What a kind of answer must know of the question."""

    choices: tuple[Choice, ...] = ()
    pattern: str | None = None
    files: bool = False
    """Whether files may come in the place of words."""
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    today: date = date.min
    """What day it is where the company is; only kinds of answer that need it are told."""
