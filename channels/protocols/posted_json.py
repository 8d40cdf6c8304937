"""JSON that providers post, in batches that one odd number must not spoil."""

import json
from typing import Any

from domain.errors import InvalidWebhookError


def read(raw: bytes) -> Any:
    """Return the JSON in *raw*; InvalidWebhookError when it is none, or too deep to be read.

    A whole number with more digits than Python reads is text, which its own item may refuse.
    """
    try:
        return json.loads(raw, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise InvalidWebhookError("the body is not JSON in UTF-8") from error


def _whole(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:
        return digits
