"""A time of day."""

from typing import Final

from domain.message import Inbound
from flows.answers.base import Answer, Change, Understood, answers, refusal, words_of
from flows.denial import affirmed
from flows.question import Question
from flows.times import times_in

_NOT_MEANT: Final = Change(name="times-not-meant", now="not_a_time")


@answers.register
class Time(Answer):
    """A time of day: `14:30`, `14h30`, `9 da manhã`, `duas e meia da tarde`, `meio-dia`, `às 9`.

    The value is `14:30`, by a clock of 24 hours; `às 2` is 02:00 unless it says `da tarde`. One that is
    denied (`10h não posso`) is asked for again.
    """

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the time."""
        text = words_of(message)
        found = times_in(text)
        if len(found) > 1:
            raise refusal("ambiguous")
        if not found:
            raise refusal("not_a_time")
        change = _NOT_MEANT if times_in(affirmed(text)) != found else None
        return Understood(value=found.pop(), change=change)
