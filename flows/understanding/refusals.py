"""Read an answer from a message, or refuse the message with a reason."""

from typing import Literal

from domain.errors import InvalidAnswerError
from domain.message import FileRef, Inbound
from flows.understanding.folding import visible

Reason = Literal[
    "ambiguous",
    "area_code",
    "check_digits",
    "denied",
    "empty",
    "file",
    "no_file",
    "no_location",
    "no_such_option",
    "not_a_cep",
    "not_a_date",
    "not_a_document",
    "not_a_number",
    "not_a_phone",
    "not_a_rating",
    "not_a_time",
    "not_an_amount",
    "not_an_email",
    "not_yes_or_no",
    "out_of_range",
    "pattern",
    "too_long",
    "wrong_file",
]
"""Why an answer is not taken, as the journal says it."""


def words_of(message: Inbound) -> str:
    """Return the text of *message*, or its caption; InvalidAnswerError when it has none, or is cut off."""
    if message.truncated:
        raise refusal("too_long")
    text = message.text.strip()
    if not visible(text).strip():
        raise refusal("file" if message.files else "empty")
    return text


def refusal(reason: Reason) -> InvalidAnswerError:
    """Return the error for *reason*, to be raised."""
    return InvalidAnswerError(reason)


def file_of(message: Inbound, *kinds: str) -> FileRef:
    """Return the first file of *message* whose MIME type begins with one of *kinds*, of any when none is named.

    InvalidAnswerError when there is none.
    """
    if message.truncated:  # its first file is the text
        raise refusal("too_long")
    fitting = [file for file in message.files if not kinds or file.mime.lower().startswith(kinds)]
    if not fitting:
        raise refusal("wrong_file" if message.files else "no_file")
    return fitting[0]
