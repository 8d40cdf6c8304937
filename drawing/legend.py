"""The legend below a drawing: every type of card and of line in it."""

from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from drawing import pen
from drawing.chart import Chart
from drawing.lettering import TEXT
from drawing.words import Words

_BADGE: Final = 20
_ROW: Final = 32
_GAP: Final = 22
_SAMPLE: Final = 34


@dataclass(frozen=True)
class Entry:
    """One entry, and where it stands from the legend's upper left corner."""

    text: str
    x: float
    y: float
    colour: str = ""
    icon: str = ""
    line: str = ""


@dataclass(frozen=True)
class Legend:
    """The entries in their places."""

    entries: tuple[Entry, ...]
    width: float
    height: float


def legend(chart: Chart, room: float) -> Legend:
    """Return the legend of *chart* in rows of at most *room* pixels, if one entry fits."""
    words = Words(chart.language)
    samples = [(name, symbol.colour, symbol.icon, "") for name, symbol in chart.kinds.items()]
    samples += [(words.say("loop"), "", "", "back")] if any(line.back for line in chart.lines) else []
    samples += [(words.say("unsaid"), "", "", "unsaid")] if any(line.unsaid for line in chart.lines) else []
    marks = {thing.mark for thing in (*chart.nodes, *chart.lines)} - {""}
    samples += [(words.say(mark), "", "", mark) for mark in ("added", "removed", "changed") if mark in marks]
    entries: list[Entry] = []
    x = y = width = 0.0
    for text, colour, icon, line in samples:
        needed = (_SAMPLE if line else _BADGE) + 8 + TEXT.width(text)
        if x and x + needed > room:
            x, y = 0.0, y + _ROW
        entries.append(Entry(text, x, y, colour, icon, line))
        width = max(width, x + needed)
        x += needed + _GAP
    return Legend(tuple(entries), width, y + _ROW)


def draw(parent: Element, found: Legend, at: pen.Point) -> None:
    """Draw the legend with its upper left corner at *at*."""
    group = SubElement(parent, "g", {"class": "legend"})
    for entry in found.entries:
        x, y = at[0] + entry.x, at[1] + entry.y
        if entry.icon:
            pen.badge(group, (x, y), entry.colour, entry.icon, _BADGE)
        else:
            pen.line(group, [(x, y + _BADGE / 2), (x + _SAMPLE, y + _BADGE / 2)], entry.line)
        pen.write(group, (x + (_BADGE if entry.icon else _SAMPLE) + 8, y + 14.5), entry.text, TEXT, "text")
