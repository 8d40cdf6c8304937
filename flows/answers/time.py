"""A time of day."""

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.question import Question
from flows.times import times_in


@answers.register
class Time(Answer):
    """A time of day: `14:30`, `14h30`, `9 da manhã`, `duas e meia da tarde`, `meio-dia`, `às 9`.

    The value is `14:30`, by a clock of 24 hours; `às 2` is 02:00 unless it says `da tarde`.
    """

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the time."""
        found = times_in(words_of(message))
        if len(found) > 1:
            raise refusal("ambiguous")
        if not found:
            raise refusal("not_a_time")
        return Understood(value=found.pop())
