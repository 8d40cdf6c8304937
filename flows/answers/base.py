"""The contract of every kind of answer."""

from typing import ClassVar, Final, Literal

from pydantic import JsonValue

from domain.errors import InvalidAnswerError
from domain.message import Inbound, Option
from domain.model import Value
from domain.registry import Registry
from flows.question import Question

Reason = Literal[
    "ambiguous",
    "check_digits",
    "empty",
    "file",
    "no_such_option",
    "not_a_document",
    "not_yes_or_no",
    "pattern",
    "too_long",
]
"""Why an answer is not taken, as the journal says it."""


class Understood(Value):
    """What an answer means; `choice` is the id of the option that was chosen."""

    value: JsonValue
    choice: str | None = None


class Answer:
    """One kind of answer. Subclasses understand what people write, or say why not."""

    offers: ClassVar[bool] = False
    """Whether the flow gives it options."""
    must_save: ClassVar[bool] = True
    """Whether a question of this kind makes no sense without `save_as`."""
    sensitive: ClassVar[bool] = False
    """Whether it is personal data that logs must not show."""

    def options(self, question: Question) -> tuple[Option, ...]:
        """Return what the contact may tap."""
        return tuple(Option(id=choice.id, label=choice.label) for choice in question.choices)

    def understand(self, message: Inbound, question: Question) -> Understood:
        """Return what *message* means; InvalidAnswerError, whose text is a `Reason`, when it is no answer."""
        raise NotImplementedError


def words_of(message: Inbound) -> str:
    """Return the text of *message*, or its caption; InvalidAnswerError when it has none, or is cut off."""
    if message.truncated:
        raise refusal("too_long")
    text = message.text.strip()
    if not text:
        raise refusal("file" if message.files else "empty")
    return text


def refusal(reason: Reason) -> InvalidAnswerError:
    """Return the error for *reason*, to be raised."""
    return InvalidAnswerError(reason)


answers: Final = Registry[Answer]("answer")
