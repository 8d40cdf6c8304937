"""What a drawing looks like, measured on the SVG itself."""

import re
from dataclasses import dataclass
from itertools import combinations, pairwise
from xml.etree.ElementTree import Element, fromstring

SVG = "{http://www.w3.org/2000/svg}"
TOLERANCE = 0.3
"""Pixels: what rounding to a tenth may do, twice."""


@dataclass(frozen=True)
class Rectangle:
    name: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Rectangle") -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > TOLERANCE and down > TOLERANCE

    def holds(self, other: "Rectangle") -> bool:
        return (
            self.left <= other.left + TOLERANCE
            and self.top <= other.top + TOLERANCE
            and self.right >= other.right - TOLERANCE
            and self.bottom >= other.bottom - TOLERANCE
        )


@dataclass(frozen=True)
class Polyline:
    name: str
    segments: tuple[Rectangle, ...]


class Drawing:
    """The parts of a drawing, in the coordinates of its canvas."""

    def __init__(self, svg: str) -> None:
        self._root = fromstring(svg)
        self.canvas = Rectangle("canvas", 0, 0, float(self._root.attrib["width"]), float(self._root.attrib["height"]))
        chart = next(group for group in self._root.iter(f"{SVG}g") if group.get("class") == "chart")
        shift = re.fullmatch(r"translate\(([\d.]+) ([\d.]+)\)", chart.attrib["transform"])
        assert shift
        self._x, self._y = float(shift[1]), float(shift[2])
        groups = list(chart.iter(f"{SVG}g"))
        self.nodes = [group for group in groups if group.get("class") == "node"]
        self.cards = [self._shape(group, group.attrib["data-card"]) for group in self.nodes]
        self.labels = [self._shape(group, _ends(group)) for group in groups if group.get("class") == "exits"]
        self.texts_of = {
            box.name: [self._text(text) for text in group.iter(f"{SVG}text")]
            for group in groups
            if group.get("class") in {"node", "exits"}
            for box in [self._shape(group, group.get("data-card") or _ends(group))]
        }
        self.lines = [self._line(path) for path in chart.iter(f"{SVG}path") if path.get("data-from")]

    def flaws(self) -> list[str]:
        """Return what is wrong with the drawing, in sentences."""
        boxes = self.cards + self.labels
        found = [f"{one.name} covers {other.name}" for one, other in combinations(boxes, 2) if one.meets(other)]
        for line in self.lines:
            crossed = [box for box in self.cards if any(part.meets(box) for part in line.segments)]
            crossed += [
                box for box in self.labels if box.name != line.name and any(part.meets(box) for part in line.segments)
            ]
            found += [f"the line {line.name} crosses {box.name}" for box in crossed]
        everything = boxes + [part for line in self.lines for part in line.segments] + self._loose()
        found += [f"{one.name} is outside the canvas" for one in everything if not self.canvas.holds(one)]
        for box in boxes:
            texts = self.texts_of[box.name]
            found += [f"{text.name!r} does not fit into {box.name}" for text in texts if not box.holds(text)]
            found += [
                f"{one.name!r} is written over {other.name!r}"
                for one, other in combinations(texts, 2)
                if one.meets(other)
            ]
        return found

    def _loose(self) -> list[Rectangle]:
        """Return what stands around the chart: heading and legend."""
        legend = next(group for group in self._root.iter(f"{SVG}g") if group.get("class") == "legend")
        texts = [
            self._text(text, moved=False) for text in (*self._root.findall(f"{SVG}text"), *legend.iter(f"{SVG}text"))
        ]
        below = [box for text in texts for box in self.cards if text.meets(box)]
        assert not below
        return texts

    def _shape(self, group: Element, name: str) -> Rectangle:
        if (polygon := group.find(f"{SVG}polygon")) is not None:
            corners = [tuple(map(float, corner.split(","))) for corner in polygon.attrib["points"].split()]
            across, down = zip(*corners, strict=True)
            return self._moved(name, min(across), min(down), max(across), max(down))
        rectangle = group.find(f"{SVG}rect")
        assert rectangle is not None
        left, top, width, height = (float(rectangle.attrib[key]) for key in ("x", "y", "width", "height"))
        return self._moved(name, left, top, left + width, top + height)

    def _text(self, text: Element, *, moved: bool = True) -> Rectangle:
        left, base, size, width = (float(text.attrib[key]) for key in ("x", "y", "font-size", "textLength"))
        place = (text.text or "", left, base - 0.8 * size, left + width, base + 0.2 * size)
        return self._moved(*place) if moved else Rectangle(*place)

    def _line(self, path: Element) -> Polyline:
        numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", path.attrib["d"])]
        corners = list(zip(numbers[::2], numbers[1::2], strict=True))
        parts = tuple(
            self._moved(
                _ends(path),
                min(one[0], other[0]) - 0.5,
                min(one[1], other[1]),
                max(one[0], other[0]) + 0.5,
                max(one[1], other[1]) + 0.5,
            )
            for one, other in pairwise(corners)
        )
        return Polyline(_ends(path), parts)

    def _moved(self, name: str, left: float, top: float, right: float, bottom: float) -> Rectangle:
        return Rectangle(name, left + self._x, top + self._y, right + self._x, bottom + self._y)


def _ends(element: Element) -> str:
    return f"{element.attrib['data-from']} -> {element.attrib['data-to']}"
