"""`did you mean ...?`."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `, did you mean 'timeout'?` for the name nearest to *word*, or nothing when none is near."""
    found = get_close_matches(word[:100], list(known), n=1)
    return f", did you mean {found[0]!r}?" if found else ""
