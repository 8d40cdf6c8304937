"""The findings of `prosa flow check` as a reference page."""

from typing import Final

from flows.checks.explained import EXPLAINED

HEAD: Final = """# Checks

What `prosa flow check` finds, by the code of each finding. Errors keep a flow from being published; warnings
do not. Each finding names file, line, card and the way to mend it; `--format json` gives the same to programs.

| codes | concern |
|---|---|
| P1.. | the way through the cards |
| P2.. | names, expressions, personal data |
| P3.. | other flows and systems |
"""


def page() -> str:
    """Return the page."""
    return "\n\n".join([HEAD.rstrip(), *(f"## {code}\n\n{_told(code)}" for code in EXPLAINED)])


def _told(code: str) -> str:
    one = EXPLAINED[code]
    return f"**{one.title}.** {one.why}\n\n{one.mend}"
