"""The elements of every drawing: texts, badges, icons, rounded lines."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from drawing.icons import icon
from drawing.lettering import Lettering
from drawing.placing import BADGE, Box
from drawing.shapes import number, rectangle

Point = tuple[float, float]

_TURN: Final = 8
_ARROW: Final = (4.5, 8.0)
_ICON: Final = 24


def write(parent: Element, at: Point, text: str, lettering: Lettering, kind: str) -> None:
    """Write *text* with its base line at *at*, as wide as it was measured, whichever font the viewer has."""
    if text:
        attributes = {
            "class": kind,
            "x": number(at[0]),
            "y": number(at[1]),
            "font-size": number(lettering.size),
            "textLength": number(lettering.width(text)),
            "lengthAdjust": "spacingAndGlyphs",
        }
        SubElement(parent, "text", attributes).text = text


def badge(parent: Element, at: Point, colour: str, name: str, size: float = BADGE) -> None:
    """Draw the icon called *name* on a square of *colour*, its upper left corner at *at*."""
    rectangle(parent, Box(*at, size, size), "", size / 4, fill=colour)
    scale = size * 0.6 / _ICON
    place = f"translate({number(at[0] + size * 0.2)} {number(at[1] + size * 0.2)}) scale({scale:.3g})"
    group = SubElement(parent, "g", {"class": "icon", "transform": place})
    for shape, attributes in icon(name):
        SubElement(group, shape, attributes)


def line(parent: Element, points: Sequence[Point], kind: str, **more: str) -> None:
    """Draw a line with round corners through *points*, and an arrow at its end."""
    tip, before = points[-1], points[-2]
    length = max(abs(tip[0] - before[0]), abs(tip[1] - before[1]))
    way = ((tip[0] - before[0]) / (length or 1), (tip[1] - before[1]) / (length or 1))
    wide, long = _ARROW
    end = (tip[0] - way[0] * long, tip[1] - way[1] * long)
    SubElement(parent, "path", {"class": f"line {kind}".strip(), "d": _rounded([*points[:-1], end]), **more})
    sides = [(end[0] - way[1] * wide, end[1] + way[0] * wide), (end[0] + way[1] * wide, end[1] - way[0] * wide)]
    arrow = "L".join(f"{number(x)} {number(y)}" for x, y in (tip, *sides))
    SubElement(parent, "path", {"class": f"arrow {kind}".strip(), "d": f"M{arrow}z"})


def _rounded(points: Sequence[Point]) -> str:
    path = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for (first, corner), (_, last) in pairwise(pairwise(points)):
        turn = min(_TURN, _distance(first, corner) / 2, _distance(corner, last) / 2)
        into, out = _towards(corner, first, turn), _towards(corner, last, turn)
        path.append(f"L{number(into[0])} {number(into[1])}")
        path.append(f"Q{number(corner[0])} {number(corner[1])} {number(out[0])} {number(out[1])}")
    return "".join([*path, f"L{number(points[-1][0])} {number(points[-1][1])}"])


def _distance(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _towards(start: Point, goal: Point, far: float) -> Point:
    distance = _distance(start, goal) or 1
    return (start[0] + (goal[0] - start[0]) * far / distance, start[1] + (goal[1] - start[1]) * far / distance)
