"""Icons, from Lucide."""

import json
from functools import cache

from drawing.engine import VENDOR

Icon = tuple[tuple[str, dict[str, str]], ...]
FALLBACK = "square"


def icon(name: str) -> Icon:
    """Return the shapes of an icon on a square of 24, to be stroked 2 wide; a square for a name that Lucide lacks."""
    icons = _icons()
    return icons.get(name) or icons[FALLBACK]


def known(name: str) -> bool:
    """Whether Lucide has an icon of this name."""
    return name in _icons()


@cache
def _icons() -> dict[str, Icon]:
    found = json.loads((VENDOR / "lucide.icon-nodes.json").read_text(encoding="utf-8"))
    return {name: tuple((tag, dict(attributes)) for tag, attributes in shapes) for name, shapes in found.items()}
