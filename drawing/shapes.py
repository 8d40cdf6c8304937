"""The shapes that cards have."""

from typing import Final
from xml.etree.ElementTree import Element, SubElement

from drawing.placing import INSET, Box

_CORNER: Final = 10


def draw(parent: Element, shape: str, box: Box, kind: str) -> None:
    """Draw *shape* into *box*; one that is unknown is a box with round corners."""
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    middle = top + box.height / 2
    corners = {
        "diamond": [
            *((left + INSET, top), (right - INSET, top), (right, middle)),
            *((right - INSET, bottom), (left + INSET, bottom), (left, middle)),
        ],
        "parallelogram": [(left + INSET, top), (right, top), (right - INSET, bottom), (left, bottom)],
    }.get(shape)
    if corners:
        points = " ".join(f"{number(x)},{number(y)}" for x, y in corners)
        SubElement(parent, "polygon", {"class": kind, "points": points})
        return
    rectangle(parent, box, kind, box.height / 2 if shape == "pill" else _CORNER)


def rectangle(parent: Element, box: Box, kind: str, corner: float = 0, **more: str) -> None:
    """Draw a rectangle whose corners are rounded with the radius *corner*."""
    place = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rx": corner}
    attributes = {name: number(value) for name, value in place.items()}
    SubElement(parent, "rect", ({"class": kind} if kind else {}) | attributes | more)


def number(value: float) -> str:
    """Return a number as SVG writes it, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
