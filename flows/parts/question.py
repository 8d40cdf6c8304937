"""A question as a kind of answer sees it, when it is asked."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

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
    act: str = ""
    """What a confirmation asks about, an infinitive."""
    irreversible: bool = False
    """Whether it cannot be taken back: then only a plain yes is one."""
    past: bool = False
    """Whether a date is that of the last such day, today included, and no later one is taken."""
    future: bool = False
    """Whether no date before today is taken."""
    least: Decimal | None = None
    most: Decimal | None = None
    """The smallest and the largest number that is taken."""
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    today: date = date.min
    """Today's date in the company's zone; only set for kinds of answer that need it."""


_AMOUNTS: Final = ("number", "money")
"""Kinds of answer that may have a smallest and a largest value."""


def wrong_keys(answer: str, question: Question) -> Iterator[str]:
    """Yield a sentence for each key of *question* that its kind of *answer* does not have, or that means nothing."""
    if (question.act or question.irreversible) and answer != "confirmation":
        yield f"answer {answer!r} has neither 'act' nor 'irreversible': a 'confirmation' has"
    if question.past and question.future:
        yield "'past' and 'future' exclude each other"
    if (question.past or question.future) and answer != "date":
        yield f"answer {answer!r} has neither 'past' nor 'future': a 'date' has"
    least, most = question.least, question.most
    if (least is not None or most is not None) and answer not in _AMOUNTS:
        yield f"answer {answer!r} has neither 'least' nor 'most': {' and '.join(_AMOUNTS)} have"
    if least is not None and most is not None and least > most:
        yield f"'least' is {least}, and 'most' is {most}"
