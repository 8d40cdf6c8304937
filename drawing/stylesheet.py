"""The colours of drawings, by day and by night."""

from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True)
class Theme:
    """Colours, `#rrggbb`; each is readable on its background."""

    paper: str
    card: str
    edge: str
    title: str
    text: str
    line: str
    back: str
    chip: str
    added: str
    removed: str
    changed: str


LIGHT: Final = Theme(
    paper="#f8fafc",
    card="#ffffff",
    edge="#cbd5e1",
    title="#0f172a",
    text="#526077",
    line="#8492a8",
    back="#d97706",
    chip="#ffffff",
    added="#15803d",
    removed="#dc2626",
    changed="#b45309",
)
DARK: Final = Theme(
    paper="#0b1220",
    card="#172033",
    edge="#3b4a63",
    title="#f1f5f9",
    text="#a3b1c6",
    line="#71829c",
    back="#f59e0b",
    chip="#1e293b",
    added="#4ade80",
    removed="#f87171",
    changed="#fbbf24",
)
_RULES: Final = """
.paper{fill:PAPER}
.card{fill:CARD;stroke:EDGE;stroke-width:1.2}
.title,.heading{fill:TITLE;font-family:Inter,system-ui,sans-serif;font-weight:600}
.text,.label{fill:TEXT;font-family:Inter,system-ui,sans-serif}
.label{fill:TITLE}
.chip{fill:CHIP;stroke:EDGE}
.line{fill:none;stroke:LINE;stroke-width:1.6;stroke-linejoin:round}
.arrow{fill:LINE}
.back{stroke:BACK;stroke-dasharray:6 4}
.arrow.back{fill:BACK;stroke:none}
.unsaid{stroke-dasharray:2 4}
.arrow.unsaid{stroke:none}
.icon{fill:none;stroke:#ffffff;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.added{stroke:ADDED}
.removed{stroke:REMOVED}
.changed{stroke:CHANGED}
.card.added,.card.removed,.card.changed{stroke-width:2.6}
.card.removed{stroke-dasharray:7 4}
.arrow.added,.mark.added{fill:ADDED;stroke:none}
.arrow.removed,.mark.removed{fill:REMOVED;stroke:none}
.mark.changed{fill:CHANGED;stroke:none}
.sign{fill:none;stroke:PAPER;stroke-width:2;stroke-linecap:round}
"""


def rules(theme: Theme) -> str:
    """Return the style rules of *theme*."""
    found = _RULES
    for field in fields(Theme):
        found = found.replace(field.name.upper(), str(getattr(theme, field.name)))
    return found


def both() -> str:
    """Return the rules of the light theme, and those of the dark one."""
    return f"{rules(LIGHT)}@media (prefers-color-scheme:dark){{{rules(DARK)}}}\n"
