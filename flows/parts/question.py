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
    """The facts about a question that a kind of answer needs."""

    choices: tuple[Choice, ...] = ()
    pattern: str | None = None
    files: bool = False
    """Whether files may come in the place of words."""
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    today: date = date.min
    """Today's date in the company's zone; only set for kinds of answer that need it."""
