"""An e-mail address."""

import re
import unicodedata
from typing import Final

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.question import Question

_SPOKEN: Final = (
    (re.compile(r"\s*(?:@|\(at\)|\barroba\b)\s*"), "@"),
    (re.compile(r"(?<=[a-z0-9])\s+(?:ponto|dot)\s+(?=[a-z0-9])"), "."),
)
_LETTER: Final = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]"
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS: Final = re.compile(
    rf"(?<![^\s<(:;,\"\[]){_LETTER}{{1,64}}(?:\.{_LETTER}{{1,64}}){{0,8}}@(?:{_LABEL}\.){{1,8}}[a-z]{{2,24}}(?![a-z0-9@-])"
)
_NO_DOMAINS: Final = (".con", ".cmo", ".comm", ".combr", ".ocm")
"""Slips of the finger that end many addresses, and no domain."""
_LONGEST: Final = 254
_LONGEST_NAME: Final = 64


@answers.register
class Email(Answer):
    """An e-mail address, alone or within a sentence, also `ana arroba gmail ponto com`. The value is in small letters.

    Endings that do not exist (`gmail.con`) are refused.
    """

    sensitive = True

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the address."""
        text = unicodedata.normalize("NFKC", words_of(message)).lower()
        for spoken, written in _SPOKEN:
            text = spoken.sub(written, text)
        found = dict.fromkeys(address for address in _ADDRESS.findall(text) if _may_exist(address))
        if len(found) > 1:
            raise refusal("ambiguous")
        if not found:
            raise refusal("not_an_email")
        return Understood(value=next(iter(found)))


def _may_exist(address: str) -> bool:
    name = address.partition("@")[0]
    return len(address) <= _LONGEST and len(name) <= _LONGEST_NAME and not address.endswith(_NO_DOMAINS)
