"""Every finding of `prosa flow check`."""

from typing import Final

from flows.checks.explained import EXPLAINED
from flows.reference.topic import Chapter, Topic

ABOUT: Final = """
What `prosa flow check` finds, by the code of each finding. Errors keep a flow from being published; warnings do not.
Each finding names file, line, card and the way to mend it; `--format json` gives the same to programs.
"""
SERIES: Final = (
    ("P1..", "the way through the cards"),
    ("P2..", "names, expressions, values, personal data"),
    ("P3..", "other flows, other systems, the settings"),
)


def chapter() -> Chapter:
    """Return them."""
    codes = Topic("Codes", "The first digit says what a finding is about.", rows=SERIES)
    found = (Topic(code, f"{one.why}\n\n{one.mend}", one.title) for code, one in EXPLAINED.items())
    return Chapter("checks", "Checks", ABOUT.strip(), (codes, *found))
