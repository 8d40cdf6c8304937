"""The contract of every kind of answer."""

from collections.abc import Callable
from decimal import Decimal
from typing import ClassVar, Final, TypeAlias, cast

from pydantic import JsonValue

from domain.errors import InvalidAnswerError
from domain.message import Inbound, Option
from domain.model import Value
from domain.registry import Registry
from flows.parts.question import Question
from flows.understanding.negation import without_negations
from flows.understanding.refusals import Reason, refusal, words_of
from flows.understanding.shorthand import spelled_out

__all__ = [
    "Answer",
    "Question",
    "Reason",
    "Understood",
    "answers",
    "refusal",
    "within",
    "words_of",
]


class Understood(Value):
    """The value of an answer; `choice` is the id of the option that was chosen."""

    value: JsonValue
    choice: str | None = None


Outcome: TypeAlias = Understood | Reason
"""The value of an answer, or the reason why it was refused."""


class Answer:
    """One kind of answer. Subclasses read a value from what contacts write, or give the reason why they refuse it."""

    offers: ClassVar[bool] = False
    """Whether the flow gives it options."""
    must_save: ClassVar[bool] = True
    """Whether a question of this kind makes no sense without `save_as`."""
    sensitive: ClassVar[bool] = False
    """Whether it is personal data that logs must not show."""

    also: ClassVar[str] = "text"
    """The wider type that each of its values has as well; empty when there is none."""
    in_sentences: ClassVar[bool] = False
    """Whether the value may stand anywhere in a sentence; a negation in the sentence is then considered."""
    in_shorthand: ClassVar[bool] = True
    """Whether abbreviations are expanded before reading: `hj` for `hoje`."""
    takes_any_words: ClassVar[bool] = False
    """Whether it accepts any text, so that keywords have to go before it."""
    needs_today: ClassVar[bool] = False
    """Whether the value depends on today's date."""

    def options(self, question: Question) -> tuple[Option, ...]:
        """Return the options that the contact may tap."""
        return tuple(Option(id=choice.id, label=choice.label) for choice in question.choices)

    def understand(self, message: Inbound, question: Question) -> Understood:
        """Return the value of *message*; InvalidAnswerError, whose text is a `Reason`, when it is no answer."""
        raise NotImplementedError

    def hear(self, message: Inbound, question: Question) -> Understood:
        """Return the value of *message*, with abbreviations and negations; InvalidAnswerError when there is none."""
        heard = self._unless_negated(message, question)
        plain = message.model_copy(update={"text": spelled_out(message.text)})
        if self.in_shorthand and plain.text != message.text:
            meant = self._unless_negated(plain, question)
            if meant == "denied" if isinstance(heard, Understood) else isinstance(meant, Understood):
                heard = meant
        if isinstance(heard, Understood):
            return heard
        raise refusal(heard)

    def _unless_negated(self, message: Inbound, question: Question) -> Outcome:
        """Return the value of *message*, leaving out the negated parts."""
        heard = _outcome(lambda: self.understand(message, question))
        affirmed = message.model_copy(update={"text": without_negations(message.text)})
        if not self.in_sentences or affirmed.text == message.text:
            return heard
        meant = _outcome(lambda: self.understand(affirmed, question))
        if isinstance(meant, Understood):
            return meant
        return "denied" if isinstance(heard, Understood) else heard


def within(value: Decimal, question: Question) -> None:
    """Raise InvalidAnswerError for a number that *question* does not take."""
    if (question.least is not None and value < question.least) or (question.most is not None and value > question.most):
        raise refusal("out_of_range")


def _outcome(understand: Callable[[], Understood]) -> Outcome:
    try:
        return understand()
    except InvalidAnswerError as error:
        return cast("Reason", str(error))


answers: Final = Registry[Answer]("answer")
