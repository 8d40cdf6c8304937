"""Mask tax numbers in what operators and programs are shown of a conversation; the journal keeps what was said."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from stdnum.br import cpf

from flows.understanding.folding import visible

_HIDDEN: Final = "\u200b"
"""What stands for a sign that nobody sees while a text is searched."""
_GAP: Final = r"[\W_]{0,4}"
_WORD: Final = "(?:[A-Za-z]{2,})?"
"""A word that is written against the number: `CPF52998224725`; one letter makes it one of our hashes."""
_CPF: Final = re.compile(
    f"(?<![0-9A-Za-z]){_WORD}(?=(?P<number>[0-9](?:{_GAP}[0-9]){{10}}){_WORD}(?![0-9A-Za-z]))", re.ASCII
)
_DIGITS: Final = 11
_ADDRESSES: Final = frozenset({"address", "conversation_id", "message_id", "workflow_id", "protocol", "version", "id"})
"""Keys of values that are looked up as they stand: a phone number may look like a CPF."""


def masked(text: str) -> str:
    """Return *text* with every valid CPF as `{{ document | cpf }}` writes it: `***.982.247-**`.

    However it is written: what a flow would take for a CPF is one here, with any signs between its digits.
    """
    pieces: list[str] = []
    end = 0
    for begins, ends, shown in _found("".join(map(_plain, text))):
        pieces += text[end:begins], shown
        end = ends
    return "".join((*pieces, text[end:]))


def masked_data(value: Any) -> Any:
    """Return JSON *value* with all of its texts, names and numbers masked, but addresses and ids."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, int) and not isinstance(value, bool):
        shown = masked(digits) if len(digits := str(value)) == _DIGITS else digits
        return value if shown == digits else shown
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value).items()
        return {masked(key): inner if key in _ADDRESSES else masked_data(inner) for key, inner in items}
    if isinstance(value, list | tuple):
        return [masked_data(one) for one in cast("list[Any]", value)]
    return value


def _plain(letter: str) -> str:
    """Return one sign for *letter*: a wide or raised digit as a digit, so that places stay what they are."""
    if letter.isascii():
        return letter
    seen = visible(unicodedata.normalize("NFKC", letter))
    return seen if len(seen) == 1 else _HIDDEN


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where each CPF begins and ends in *text*, and what is shown instead."""
    end = 0
    for found in _CPF.finditer(text):
        begins, ends = found.span("number")
        digits = re.sub("[^0-9]", "", found["number"])
        if begins >= end and cpf.is_valid(digits):
            yield begins, ends, f"***.{digits[3:6]}.{digits[6:9]}-**"
            end = ends
