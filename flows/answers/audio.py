"""A sound recording."""

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers
from flows.parts.question import Question
from flows.understanding.refusals import file_of


@answers.register
class Audio(Answer):
    """A voice message or another recording; of several in one message, the first.

    The value is a reference, as `send_file` takes it: a record with `id`, `name`, `mime` and `size` (bytes).
    """

    also = "file"

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the reference."""
        return Understood(value=file_of(message, "audio/", "application/ogg").model_dump(mode="json"))
