"""What people deny: `2 não, somos três` does not say 2."""

import re
from typing import Final

from flows.phrases import mentions
from flows.portuguese import NEGATIONS, TURNS

_CLAUSE: Final = re.compile(rf"[;!?\n]+|[,.](?![0-9])|\s[-–—]\s|\b(?:{'|'.join(TURNS)})\b", re.IGNORECASE)


def affirmed(text: str) -> str:
    """Return *text* without its clauses that deny something; unchanged when there is none."""
    clauses = _CLAUSE.split(text)
    kept = [clause for clause in clauses if not mentions(clause, NEGATIONS)]
    return text if kept == clauses else ", ".join(kept)
