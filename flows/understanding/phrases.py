"""Comparison of words and phrases, ignoring case, accents, punctuation and emoji."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from flows.understanding.folding import folded
from flows.understanding.portuguese import POLITE

_WORD: Final = re.compile(r"\w+|[^\w\s]")
_RUN: Final = re.compile(r"(.)\1+")


def normalise(text: str) -> str:
    """Return *text* as plain lower-case words and digits: `2️⃣ Opção!` is `2 opcao`."""
    return " ".join(word for word in tokens(text) if word.isalnum())


def tokens(text: str) -> tuple[str, ...]:
    """Return the words and the emoji of *text*, one by one, without accents, skin tones and punctuation."""
    found = _WORD.findall(folded(text.replace("🔟", "10")).replace("_", " "))
    return tuple(token for token in found if token.isalnum() or unicodedata.category(token) == "So")


def without_politeness(words: str) -> str:
    """Return normalised *words* without polite ones at the edges; unchanged when nothing else is there."""
    parts = words.split()
    while parts and parts[0] in POLITE:
        del parts[0]
    while parts and parts[-1] in POLITE:
        del parts[-1]
    return " ".join(parts) or words


def says(text: str, phrases: Iterable[str], others: Iterable[str] = ()) -> bool:
    """Whether *text* consists of *phrases*, with at most politeness and emoji between them.

    The longest phrase counts, and any of *others* makes it false: `claro que não` does not say `claro` when
    `claro que não` is among the others. Repeated letters count once: `simmm`.
    """
    meant = {**dict.fromkeys(_squeezed_all(tuple(phrases)), True), **dict.fromkeys(_squeezed_all(tuple(others)), False)}
    longest = max(map(len, meant), default=0)
    words = _heard(text)
    found = False
    at = 0
    while at < len(words):
        length = next((n for n in range(longest, 0, -1) if words[at : at + n] in meant), 0)
        if length:
            if not meant[words[at : at + length]]:
                return False
            found = True
        elif words[at].isalnum() and words[at] not in _POLITE_SQUEEZED:
            return False
        at += max(length, 1)
    return found


def mentions(text: str, phrases: Iterable[str]) -> bool:
    """Whether one of *phrases* stands somewhere in *text*; repeated letters count once."""
    words = f" {' '.join(_heard(text))} "
    return any(f" {' '.join(phrase)} " in words for phrase in filter(None, _squeezed_all(tuple(phrases))))


@lru_cache(maxsize=32)
def _heard(text: str) -> tuple[str, ...]:
    """Return the words of a message: it is compared with one phrase after another."""
    return _squeezed(tokens(text))


@lru_cache(maxsize=4096)
def _squeezed_all(phrases: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(_squeezed(tokens(phrase)) for phrase in phrases)


def _squeezed(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word if word.isdigit() else _RUN.sub(r"\1", word) for word in words)


_POLITE_SQUEEZED: Final = frozenset(_squeezed(tuple(sorted(POLITE))))
