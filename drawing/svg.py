"""A placed chart as SVG."""

from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from drawing import legend, pen, placing, shapes
from drawing.chart import Line, Node
from drawing.lettering import HEADING, LABEL, TEXT, TITLE
from drawing.placing import BADGE, INSET, LABEL_LINE, PADDING, Placed, PlacedLine, PlacedNode
from drawing.shapes import number

Link = Callable[[str], str]
"""From the name of a flow to where its drawing is; nothing for no link."""

_HEAD: Final = 44
_MARGIN: Final = 24
_ROUND: Final = 2
_SIGNS: Final = {"added": "M-4 0H4M0 -4V4", "removed": "M-4 0H4", "changed": "M-4 2Q-2 -3 0 0T4 -2"}


def svg(placed: Placed, *, style: str = "", flow_link: Link | None = None, card_link: Link | None = None) -> str:
    """Return the drawing as a document of its own; without *style*, the page that shows it brings the rules."""
    heading = HEADING.fit(placed.chart.title, max(placed.width, 480) - 2 * _MARGIN)
    shown = legend.legend(placed.chart, max(placed.width, 480) - 2 * _MARGIN)
    width = max(placed.width, shown.width + 2 * _MARGIN, HEADING.width(heading) + 2 * _MARGIN)
    height = _HEAD + placed.height + shown.height + _MARGIN
    sides = {"width": number(width), "height": number(height)}
    root = _document(placed.chart.title, sides, style)
    SubElement(root, "rect", {"class": "paper", **sides})
    pen.write(root, (_MARGIN, 40), heading, HEADING, "heading")
    offset = (width - placed.width) / 2
    picture = SubElement(root, "g", {"class": "chart", "transform": f"translate({number(offset)} {_HEAD})"})
    for line in sorted(placed.lines, key=lambda one: one.line.back):
        pen.line(picture, line.points, _kind(line.line), **_ends(line.line))
    for node in placed.nodes:
        _node(picture, node, flow_link, card_link)
    for line in placed.lines:
        _label(picture, line)
    legend.draw(root, shown, (_MARGIN, _HEAD + placed.height))
    return _written(root)


def alone(node: Node, *, style: str) -> str:
    """Return *node* as a document of its own, without lines."""
    placed = placing.alone(node, _ROUND)
    sides = {"width": number(placed.box.width + 2 * _ROUND), "height": number(placed.box.height + 2 * _ROUND)}
    root = _document(node.title, sides, style)
    _node(root, placed, None, None)
    return _written(root)


def _document(title: str, sides: dict[str, str], style: str) -> Element:
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            **sides,
            "viewBox": f"0 0 {sides['width']} {sides['height']}",
            "role": "group",
            "aria-label": title,
        },
    )
    if style:
        SubElement(root, "style").text = style
    return root


def _written(root: Element) -> str:
    indent(root, "")
    return tostring(root, encoding="unicode") + "\n"


def _kind(line: Line) -> str:
    return " ".join(filter(None, ["back" if line.back else "unsaid" if line.unsaid else "", line.mark]))


def _ends(line: Line) -> dict[str, str]:
    return {"data-from": line.source, "data-to": line.target}


def _node(picture: Element, placed: PlacedNode, flow_link: Link | None, card_link: Link | None) -> None:
    node, box = placed.node, placed.box
    leads = card_link(node.card or node.id) if card_link and (node.card or not node.small) else ""
    leads = leads or (flow_link(node.flow) if flow_link and node.flow else "")
    parent = SubElement(picture, "a", {"href": leads}) if leads else picture
    group = SubElement(parent, "g", {"class": "node", "data-card": node.id})
    SubElement(group, "title").text = ": ".join(filter(None, [node.title, node.summary]))
    shapes.draw(group, node.symbol.shape, box, f"card {node.mark}".strip())
    slanted = node.symbol.shape in {"diamond", "parallelogram"}
    size = 20 if node.small else BADGE
    left = box.x + (8 if node.small else INSET + 4 if slanted else PADDING)
    pen.badge(group, (left, box.y + (box.height - size) / 2), node.symbol.colour, node.symbol.icon, size)
    left += size + (8 if node.small else 10)
    tall = 17 * len(placed.title) + (16 if placed.summary else 0)
    base = box.y + (box.height - tall) / 2 + 13
    for number_, line in enumerate(placed.title):
        pen.write(group, (left, base + 17 * number_), line, TITLE, "title")
    pen.write(group, (left, base + 17 * len(placed.title) - 1), placed.summary, TEXT, "text")
    if node.mark:
        at = f"translate({number(box.x + box.width - 4)} {number(box.y + 4)})"
        sign = SubElement(group, "g", {"transform": at})
        SubElement(sign, "circle", {"class": f"mark {node.mark}", "r": "9"})
        SubElement(sign, "path", {"class": "sign", "d": _SIGNS[node.mark]})


def _label(picture: Element, placed: PlacedLine) -> None:
    if placed.box is None:
        return
    box = placed.box
    group = SubElement(picture, "g", {"class": "exits", **_ends(placed.line)})
    SubElement(group, "title").text = ", ".join(placed.line.labels)
    shapes.rectangle(group, box, "chip", min(box.height / 2, 10))
    for row, text in enumerate(placed.label):
        at = (box.x + (box.width - LABEL.width(text)) / 2, box.y + 14 + LABEL_LINE * row)
        pen.write(group, at, text, LABEL, "label")
