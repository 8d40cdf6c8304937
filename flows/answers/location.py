"""A place on the map."""

import re
import unicodedata
from contextlib import suppress
from typing import Final
from urllib.parse import unquote

from pydantic import ValidationError

from domain.message import Inbound, Location
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.parts.question import Question

_DEGREES: Final = r"(-?[0-9]{1,3}\.[0-9]{2,15})"
_PAIR: Final = re.compile(rf"(?<![0-9.]){_DEGREES}\s{{0,3}}[,; ]\s{{0,3}}{_DEGREES}(?![0-9])")
_PIN: Final = re.compile(rf"!3d{_DEGREES}!4d{_DEGREES}")
"""Google Maps writes the place itself so, and the middle of the map as a pair."""


@answers.register
class Place(Answer):
    """A place: shared from the map, or written as coordinates (`-27.1004, -52.6152`), or as a link with them.

    The value is a record with `latitude` and `longitude` (degrees, WGS 84), `name` and `address` (may be empty).
    """

    also = "record"
    sensitive = True
    in_sentences = True

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the place."""
        place = message.location or _written(words_of(message))
        return Understood(value=place.model_dump(mode="json"))


def _written(text: str) -> Location:
    plain = unquote(unicodedata.normalize("NFKC", text))
    pairs = dict.fromkeys(_PIN.findall(plain) or _PAIR.findall(plain))
    if len(pairs) > 1:
        raise refusal("ambiguous")
    for latitude, longitude in pairs:
        with suppress(ValidationError):  # not on this earth
            return Location(latitude=float(latitude), longitude=float(longitude))
    raise refusal("no_location")
