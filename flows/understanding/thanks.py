"""A thank-you after the end is answered, and starts nothing new."""

from collections.abc import Iterable

from domain.message import Inbound
from flows.understanding.phrases import says


def is_thanks(message: Inbound, thanks: Iterable[str]) -> bool:
    """Whether *message* is made of the words, phrases and emoji of *thanks*, and nothing else."""
    return not message.files and not message.truncated and says(message.text, thanks)
