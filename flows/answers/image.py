"""A picture."""

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers
from flows.parts.question import Question
from flows.understanding.refusals import file_of


@answers.register
class Image(Answer):
    """A picture: a photo or a screen shot; of several in one message, the first.

    The value is a reference, as `send_file` takes it: a record with `id`, `name`, `mime` and `size` (bytes).
    """

    also = "file"

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the reference."""
        return Understood(value=file_of(message, "image/").model_dump(mode="json"))
