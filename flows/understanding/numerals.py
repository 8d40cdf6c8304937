"""Numbers as Brazilians write them, in digits (`1.234,56`) and in words (`mil e duzentos`)."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from flows.understanding.folding import folded
from flows.understanding.portuguese import LARGE_NUMBER_WORDS, POLITE, SMALL_NUMBER_WORDS

_TOKEN: Final = re.compile(
    r"(?<![a-z])[ckd]?m[23](?![\w.,])|(?<![\w.,])-?[0-9][0-9.,]*|[0-9][0-9.,]*|[^\W\d_]+|[^\w\s]"
)
_BRAZILIAN: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:,[0-9]+)?")
_ENGLISH: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3}){2,}|[0-9]+\.[0-9]+")
_RAISED: Final = re.compile("(?<=[A-Za-z])[²³]")
_MINUS: Final = re.compile(r"(?<![\w.,])[–−](?=[0-9])")
_JOINS: Final = frozenset({"e", "mais", "ou", "+"})
_LONGEST: Final = 15
"""Digits of a number; a longer one is a code, no quantity."""
_THOUSAND: Final = 1000


class Numeral(NamedTuple):
    """One number in a text, and which of its tokens say it."""

    value: Decimal
    first: int
    after: int
    in_digits: bool


def tokens_of(text: str) -> list[str]:
    """Return the words, numbers and signs of *text*, in small letters and without accents; `m²` is `m`."""
    return _TOKEN.findall(folded(_MINUS.sub("-", _RAISED.sub("", text))))


def numerals_in(tokens: Sequence[str]) -> list[Numeral]:
    """Return every number that *tokens* say, in order; `mil e duzentos` is one, `2 mil` too."""
    found: list[Numeral] = []
    at = 0
    while at < len(tokens):
        numeral = _numeral(tokens, at)
        if numeral is not None:
            found.append(numeral)
        at = at + 1 if numeral is None else numeral.after
    return found


def are_joined(tokens: Sequence[str], numerals: Sequence[Numeral]) -> bool:
    """Whether the same number is said twice for two things: `2 adultos e 2 crianças`."""
    return any(
        one.value == next_.value and not _JOINS.isdisjoint(tokens[one.after : next_.first])
        for one, next_ in pairwise(numerals)
    )


def strange_words(tokens: Sequence[str], numerals: Sequence[Numeral], around: AbstractSet[str]) -> bool:
    """Whether *tokens* say anything beside *numerals*, politeness, and the words that stand *around* a number."""
    inside = {place for numeral in numerals for place in range(numeral.first, numeral.after)}
    others = (token for place, token in enumerate(tokens) if place not in inside)
    return any(token.isalnum() and token not in POLITE and token not in around for token in others)


def written(token: str) -> Decimal | None:
    """Return the number that *token* is in digits: `1.234,56`, `1.234`, `12.50`, `-3`; None when it is none."""
    digits = token.rstrip(".,").removeprefix("-")
    if len(re.sub("[^0-9]", "", digits)) > _LONGEST:
        return None
    if _BRAZILIAN.fullmatch(digits):
        number = Decimal(digits.replace(".", "").replace(",", "."))
    elif _ENGLISH.fullmatch(digits):
        number = Decimal(digits.replace(",", ""))
    else:
        return None
    return -number if token.startswith("-") else number


def _numeral(tokens: Sequence[str], first: int) -> Numeral | None:
    """Return the longest number that begins at *first*; each part of it is smaller than the one before."""
    total, part, at, after = Decimal(0), Decimal(0), first, first
    in_digits = False
    room, group = Decimal(_THOUSAND), Decimal("Infinity")  # what may be added to the part, and multiply it
    while at < len(tokens):
        word = tokens[at]
        small, large, digits = SMALL_NUMBER_WORDS.get(word), LARGE_NUMBER_WORDS.get(word), written(word)
        if digits is not None and room == _THOUSAND and not (total and digits >= group):
            part, room, in_digits = digits, Decimal(0), True
        elif small is not None and 0 <= small < room:
            part, room = part + small, _room(small)
        elif large is not None and large < group and (part or not total):
            total, part, room, group = total + (part or 1) * large, Decimal(0), Decimal(_THOUSAND), Decimal(large)
        elif not (word == "e" and at > first):
            break
        at += 1
        if word != "e":
            after = at
    return Numeral(total + part, first, after, in_digits) if after > first else None


def _room(value: int) -> Decimal:
    """Return the upper bound of the next part: tens after hundreds, units after tens, nothing after units."""
    if value >= 100:  # noqa: PLR2004
        return Decimal(100)
    return Decimal(10) if value >= 20 else Decimal(0)  # noqa: PLR2004 - `dezenove` is one word
