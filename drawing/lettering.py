"""Widths of texts in the font of the drawings, so that texts fit their shapes."""

import unicodedata
from functools import cache, cached_property
from typing import Any, Final

from fontTools.ttLib import TTFont

from drawing.engine import VENDOR
from drawing.words import clean

FAMILY: Final = "Inter"
ELLIPSIS: Final = "…"


class Lettering:
    """One weight of the font in one size (pixels)."""

    def __init__(self, file: str, size: float) -> None:
        self.file = VENDOR / file
        self.size = size

    def width(self, text: str) -> float:
        """Return the width of *text* in pixels; a letter that the font does not have counts as a square."""
        return sum(self._advances.get(ord(letter), self.size) for letter in text)

    def fit(self, text: str, room: float) -> str:
        """Return *text*, or as much of its beginning as *room* has place for, with dots."""
        text = plain(text)
        if self.width(text) <= room:
            return text
        while text and self.width(text + ELLIPSIS) > room:
            text = text[:-1]
        return text.rstrip(" ,;:.-") + ELLIPSIS

    def wrap(self, text: str, room: float, lines: int) -> tuple[str, ...]:
        """Return *text* in at most *lines* lines; a longer one ends in dots."""
        words = plain(text).split()
        found: list[str] = []
        while words and len(found) < lines - 1:
            taken = 1
            while taken < len(words) and self.width(" ".join(words[: taken + 1])) <= room:
                taken += 1
            found.append(self.fit(" ".join(words[:taken]), room))
            words = words[taken:]
        return (*found, self.fit(" ".join(words), room)) if words else tuple(found)

    @cached_property
    def _advances(self) -> dict[int, float]:
        cmap, advances, units = _metrics(str(self.file))
        return {code: advances[glyph] * self.size / units for code, glyph in cmap.items()}


@cache
def _metrics(file: str) -> tuple[dict[int, str], dict[str, int], int]:
    with TTFont(file, lazy=True) as font:
        tables: Any = font
        advances = {glyph: advance for glyph, (advance, _) in tables["hmtx"].metrics.items()}
        return dict(tables.getBestCmap()), advances, int(tables["head"].unitsPerEm)


def plain(text: str) -> str:
    """Return *text* in one line, without emoji, which each viewer draws in another font, width and colour.

    A text that is nothing but emoji stays what it is.
    """
    text = clean(text)
    kept = "".join(letter for letter in text if unicodedata.category(letter) not in {"So", "Sk", "Cf", "Co"})
    return " ".join(kept.replace("\ufe0f", "").split()) or text


TITLE: Final = Lettering("Inter_600SemiBold.ttf", 14)
TEXT: Final = Lettering("Inter_400Regular.ttf", 12)
LABEL: Final = Lettering("Inter_400Regular.ttf", 11.5)
HEADING: Final = Lettering("Inter_600SemiBold.ttf", 20)
