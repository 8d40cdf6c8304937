"""The contract of every kind of answer."""

from typing import ClassVar, Final

from pydantic import JsonValue

from domain.message import Inbound, Option
from domain.model import Value
from domain.registry import Registry
from flows.hearing import Reason, refusal, words_of
from flows.question import Question

__all__ = ["Answer", "Change", "Question", "Reason", "Understood", "answers", "refusal", "words_of"]


class Change(Value):
    """A change of code by which an answer is understood that was refused before, or refused that was understood."""

    name: str
    """As `patched` knows it: conversations in flight, which have heard it otherwise, go on as they did."""
    before: Reason | None = None
    """Why it was refused before the change; None when it was understood."""
    now: Reason | None = None
    """Why it has been refused since; None when it is understood."""

    def refusal(self, *, made: bool) -> Reason | None:
        """Return why the answer is refused where the change has been *made*, or not; None when it is understood."""
        return self.now if made else self.before


class Understood(Value):
    """What an answer means; `choice` is the id of the option that was chosen."""

    value: JsonValue
    choice: str | None = None
    change: Change | None = None


class Answer:
    """One kind of answer. Subclasses understand what people write, or say why not."""

    offers: ClassVar[bool] = False
    """Whether the flow gives it options."""
    must_save: ClassVar[bool] = True
    """Whether a question of this kind makes no sense without `save_as`."""
    sensitive: ClassVar[bool] = False
    """Whether it is personal data that logs must not show."""

    also: ClassVar[str] = "text"
    """The wider type that each of its values has as well; empty when there is none."""
    takes_any_words: ClassVar[bool] = False
    """Whether it understands whatever is written, so that keywords have to be heard before it."""
    needs_today: ClassVar[bool] = False
    """Whether what it means depends on the day on which it is read."""

    def options(self, question: Question) -> tuple[Option, ...]:
        """Return what the contact may tap."""
        return tuple(Option(id=choice.id, label=choice.label) for choice in question.choices)

    def understand(self, message: Inbound, question: Question) -> Understood:
        """Return what *message* means; InvalidAnswerError, whose text is a `Reason`, when it is no answer."""
        raise NotImplementedError


answers: Final = Registry[Answer]("answer")
