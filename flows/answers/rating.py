"""A rating in stars."""

from typing import Final

from domain.message import Inbound, Option
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.parts.question import Question
from flows.understanding.score import Scale

_STARS: Final = Scale(name="stars", lowest=1, highest=5)


@answers.register
class Rating(Answer):
    """A rating from 1 to 5: tapped, in digits, in words, or in stars (⭐⭐⭐⭐). The value is the number.

    Surveys have a card of their own, `survey`, which reports measure.
    """

    also = "number"

    def options(self, question: Question) -> tuple[Option, ...]:  # noqa: ARG002 - the contract's
        """Return the five ratings."""
        return _STARS.options()

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the number."""
        score = _STARS.score(message)
        if score is None:
            words_of(message)
            raise refusal("not_a_rating")
        return Understood(value=score)
