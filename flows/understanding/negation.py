"""Find negated words: `2 não, somos três` does not say 2."""

import re
from typing import Final

from flows.understanding.folding import folded
from flows.understanding.phrases import mentions
from flows.understanding.portuguese import NEGATIONS, TURNS

_CLAUSE: Final = re.compile(rf"[;!?\n]+|,(?![0-9])|\.(?!\w)|\s[-–—]\s|\b(?:{'|'.join(TURNS)})\b", re.IGNORECASE)


_EXCEPT: Final = re.compile(r"(?<!\bou )(?<!\bpelo )\b(?:exceto|menos|tirando|salvo)\b")


def excludes(text: str) -> bool:
    """Whether *text* leaves out what it names: `menos às 10`; not `mais ou menos às 10`."""
    return _EXCEPT.search(folded(text)) is not None


def without_negations(text: str) -> str:
    """Return *text* without its negated clauses; unchanged when there is none."""
    clauses = _CLAUSE.split(text)
    kept = [clause for clause in clauses if not _is_negated(clause)]
    return text if kept == clauses else ", ".join(kept)


def _is_negated(clause: str) -> bool:
    """Whether *clause* has a negation; one inside an address does not count: `nao.sei@example.com`."""
    return mentions(" ".join(word for word in clause.split() if "@" not in word), NEGATIONS)
