"""A finding: one mistake that a check reports."""

from typing import Literal

from domain.model import Value


class Finding(Value):
    """One thing to mend in a flow; an error keeps it from being published."""

    code: str
    """Permanent, and explained in `flows/checks/explained.py`."""
    sentence: str
    """The mistake, as the rest of a sentence that begins with the card."""
    remedy: str
    """How to mend it."""
    severity: Literal["error", "warning"] = "error"
    card: str | None = None
    """The card's id; None when it concerns the whole flow."""
    key: str = ""
    """Where in the card, or in the flow when there is no card: `reminders.0.text`."""
    line: int | None = None
    """Counted from 1, when the file is known."""

    def written(self, file: str) -> str:
        """Return the finding as one line of a list: `FILE:LINE: P101 error: card 'ask': ...; REMEDY`."""
        place = f"{file}:{self.line}" if self.line else file
        subject = f"card {self.card!r}: " if self.card else ""
        return f"{place}: {self.code} {self.severity}: {subject}{self.sentence}; {self.remedy}"
