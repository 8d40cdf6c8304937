"""A time of day."""

import re
from typing import Final

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.parts.question import Question
from flows.understanding.negation import excludes
from flows.understanding.times import times_in

_SLIP: Final = re.compile(r"(?<=[0-9])(?:h:|;)(?=[0-9]{2}(?![0-9]))", re.IGNORECASE)
"""Typing mistakes for a colon."""
_LACKING: Final = re.compile("(?<=[0-9][hH])([0-9])(?![0-9])")
"""A minute of one digit: `9h5`."""


@answers.register
class Time(Answer):
    """A time of day: `14:30`, `14h30`, `9 da manhã`, `duas e meia da tarde`, `meio-dia`, `às 9`.

    The value is `14:30`, by a clock of 24 hours; `às 2` is 02:00 unless it says `da tarde`. One that is
    negated (`10h não posso`) is asked for again.
    """

    in_sentences = True

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the time."""
        text = words_of(message)
        if excludes(text):
            raise refusal("denied")
        found = times_in(_LACKING.sub(r"0\1", _SLIP.sub(":", text)))
        if len(found) != 1:
            raise refusal("ambiguous" if found else "not_a_time")
        return Understood(value=found.pop())
