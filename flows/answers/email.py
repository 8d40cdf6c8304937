"""An e-mail address."""

import re
from typing import Final

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.parts.question import Question
from flows.understanding.folding import as_seen

_AT: Final = (re.compile(r"\s*(?:@|\(at\)|\barroba\b)\s*"), "@")
_SIGNS: Final = (
    (re.compile(r"(?<=[a-z0-9])\s+(?:ponto|dot)\s+(?=[a-z0-9])"), "."),
    (re.compile(r"(?<=[a-z0-9])\s+(?:underline|underscore|anderline|sublinhado)\s+(?=[a-z0-9])"), "_"),
    (re.compile(r"(?<=[a-z0-9])\s+(?:traço|traco|tracinho|hífen|hifen)\s+(?=[a-z0-9])"), "-"),
    (re.compile(r"(?<!\S)[*'~`]+(?=[a-z0-9])|[\u2600-\u27bf\U0001f300-\U0001faff]"), " "),
)
"""Spelled-out signs (`arroba`), and signs around an address that are removed."""
_SLIPS: Final = (
    (re.compile(r"(@[a-z0-9-]+)\s*[.,;]\s*(?=(?:com|net|org)\b)"), r"\1."),
    (re.compile(r"(@[a-z0-9-]+\.(?:com|net|org))\s*[.,;]\s*(?=br\b)"), r"\1."),
)
"""Common typing mistakes at the dots of a domain: `gmail,com`, `gmail. Com`."""
_WORD_BEFORE: Final = re.compile(r"(?<!\S)([\w.-]+)\s+[\w.+-]+(?:\s+@|\s*(?:\(at\)|\barroba\b))")
_LEADS: Final = frozenset({"e", "é", "eh", "email", "e-mail", "mail", "seria", "para", "pra", "no", "em", "ou", "o"})
"""Words before a name that are no part of it."""
_SCHEME: Final = (re.compile(r"\b(?:https?:/{1,2}|mailto:)"), " ")
_LETTER: Final = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]"
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS: Final = re.compile(
    rf"(?<![^\s<(:;,\"\[]){_LETTER}{{1,64}}(?:\.{_LETTER}{{1,64}}){{0,8}}@(?:{_LABEL}\.){{1,8}}[a-z]{{2,24}}(?![a-z0-9@-])(?!\.[a-z0-9](?![a-z0-9]))"
)
_NO_DOMAINS: Final = (".con", ".cmo", ".comm", ".combr", ".ocm")
"""Slips of the finger that end many addresses, and no domain."""
_LONGEST: Final = 254
_LONGEST_NAME: Final = 64


@answers.register
class Email(Answer):
    """An e-mail address, alone or within a sentence, also `ana arroba gmail ponto com`. The value is in small letters.

    Slips (`gmail. Com`, `gmail,com`) are mended; endings that do not exist (`gmail.con`) are refused, and so is a name
    in several words, because its beginning is unclear.
    """

    sensitive = True
    in_sentences = True

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the address."""
        text = " ".join(as_seen(words_of(message)).lower().split())
        signs = " ".join(_replaced(text, _SCHEME, *_SIGNS).split())  # `_AT` takes long for a run of thousands of blanks
        if any(word not in _LEADS for word in _WORD_BEFORE.findall(signs)):
            raise refusal("not_an_email")
        written = _replaced(signs, _AT, *_SLIPS)
        found = {address for address in _ADDRESS.findall(written) if _may_exist(address)}
        if len(found) != 1:
            raise refusal("ambiguous" if found else "not_an_email")
        return Understood(value=found.pop())


def _replaced(text: str, *signs: tuple[re.Pattern[str], str]) -> str:
    for said, written in signs:
        text = said.sub(written, text)
    return text


def _may_exist(address: str) -> bool:
    name = address.partition("@")[0]
    return len(address) <= _LONGEST and len(name) <= _LONGEST_NAME and not address.endswith(_NO_DOMAINS)
