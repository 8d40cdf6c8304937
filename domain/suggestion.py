"""`did you mean ...?`."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_LISTED: Final = 20


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `, did you mean 'timeout'?` for the name nearest to *word*, or nothing when none is near."""
    found = get_close_matches(word[:100], list(known), n=1)
    return f", did you mean {found[0]!r}?" if found else ""


def nearest_or_all(word: str, known: Iterable[str]) -> str:
    """Return the nearest name as `nearest` does, or all names when none is near."""
    names = list(known)
    more = ", …" if len(names) > _LISTED else ""
    return nearest(word, names) or (f"; there are {', '.join(names[:_LISTED])}{more}" if names else "")
