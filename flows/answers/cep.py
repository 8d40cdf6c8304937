"""A Brazilian postal code."""

import re
import unicodedata
from typing import Final

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.parts.question import Question

_CEP: Final = re.compile(r"(?<![0-9])([0-9]{2})[. ]?([0-9]{3})(?:[ -]{0,3}|[.])([0-9]{3})(?![0-9])")
_LOWEST: Final = "01000000"
"""The first one of São Paulo; none is lower."""


@answers.register
class Cep(Answer):
    """A CEP, with or without dot and dash, alone or within a sentence. The value is its eight digits: `89801000`."""

    in_sentences = True

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the eight digits."""
        text = unicodedata.normalize("NFKC", words_of(message))
        found = {code for parts in _CEP.findall(text) if (code := "".join(parts)) >= _LOWEST}
        if len(found) != 1:
            raise refusal("ambiguous" if found else "not_a_cep")
        return Understood(value=found.pop())
