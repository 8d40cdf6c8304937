"""A Brazilian postal code."""

import re
import unicodedata
from typing import Final

from domain.message import Inbound
from flows.answers.base import Answer, Outcome, Understood, answers, changed, taken, words_of
from flows.parts.question import Question

_APART: Final = r"(?<![0-9])([0-9]{{2}})[. ]?([0-9]{{3}}){}([0-9]{{3}})(?![0-9])"
_CEP: Final = re.compile(_APART.format("[ -]{0,3}"))
_DOTTED: Final = re.compile(_APART.format("(?:[ -]{0,3}|[.])"))
_LOWEST: Final = "01000000"
"""The first one of São Paulo; none is lower."""


@answers.register
class Cep(Answer):
    """A CEP, with or without dot and dash, alone or within a sentence. The value is its eight digits: `89801000`."""

    in_sentences = True

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the eight digits."""
        text = unicodedata.normalize("NFKC", words_of(message))
        return taken(changed("ceps-with-dots", _read(text, _CEP), _read(text, _DOTTED)))


def _read(text: str, pattern: re.Pattern[str]) -> Outcome:
    found = dict.fromkeys("".join(parts) for parts in pattern.findall(text))
    codes = [code for code in found if code >= _LOWEST]
    if len(codes) > 1:
        return "ambiguous"
    return Understood(value=codes[0]) if codes else "not_a_cep"
