"""Free text."""

from typing import ClassVar

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.expressions.pattern import fits
from flows.parts.question import Question


@answers.register
class Text(Answer):
    r"""The contact's text, without blanks around it.

    With a `pattern` (RE2 syntax) the whole text has to fit it: `pattern: '[A-Z]{2}[0-9]{6}'`. With `files_as` a photo
    or another file may come with it, or in its place: the value is an empty text then.
    """

    also = ""
    takes_any_words: ClassVar[bool] = True
    in_shorthand = False

    def understand(self, message: Inbound, question: Question) -> Understood:
        """Return the text, or an empty one with files."""
        if question.files and message.files and not message.truncated and not message.text.strip():
            return Understood(value="")
        text = words_of(message)
        if question.pattern is not None and not fits(question.pattern, text):
            raise refusal("pattern")
        return Understood(value=text)
