"""`did you mean ...?`."""

from collections.abc import Collection, Iterable
from difflib import SequenceMatcher, get_close_matches
from typing import Final

COMPARISONS: Final = 50_000
"""How many pairs of names one check compares, in about half a second."""
_LISTED: Final = 20
_LONGEST: Final = 100
_CANDIDATES: Final = 5
_PREFIX_WEIGHT: Final = 0.7
"""Which share of the missing likeness a name gains when it begins with the whole word (after Winkler)."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `, did you mean 'timeout'?` for the name nearest to *word*, or nothing when none is near.

    Of several near names, those that begin as *word* does are preferred.
    """
    word = word[:_LONGEST]
    near = get_close_matches(word, list(known), n=_CANDIDATES)
    return f", did you mean {max(near, key=lambda name: _likeness(word, name))!r}?" if near else ""


def nearest_or_all(word: str, known: Iterable[str]) -> str:
    """Return the nearest name as `nearest` does, or all names when none is near."""
    names = list(known)
    more = ", …" if len(names) > _LISTED else ""
    return nearest(word, names) or (f"; there are {', '.join(names[:_LISTED])}{more}" if names else "")


class Suggestions:
    """The suggestions of one check: the first wrong names get one, so that a thousand of them cost no minutes."""

    def __init__(self) -> None:
        """Begin a check."""
        self._left = COMPARISONS

    def nearest(self, word: str, known: Collection[str]) -> str:
        """Return what `nearest` does, or nothing when too much has been compared."""
        self._left -= len(known)
        return nearest(word, known) if self._left >= 0 else ""

    def nearest_or_all(self, word: str, known: Collection[str]) -> str:
        """Return what `nearest_or_all` does, or nothing when too much has been compared."""
        self._left -= len(known)
        return nearest_or_all(word, known) if self._left >= 0 else ""


def _likeness(word: str, name: str) -> float:
    alike = SequenceMatcher(None, name, word).ratio()
    return alike + _PREFIX_WEIGHT * _shared_beginning(word, name) / len(word) * (1 - alike)


def _shared_beginning(word: str, name: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
