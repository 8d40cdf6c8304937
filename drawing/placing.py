"""A place for everything in a chart: ELK's layered layout, from top to bottom, with right angles."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from drawing.chart import START, Chart, Line, Node
from drawing.engine import elk
from drawing.lettering import LABEL, TEXT, TITLE

WIDTH: Final = 248
INSET: Final = 18
"""Width of the slanted sides and points of a shape."""
BADGE: Final = 30
PADDING: Final = 12
SMALL: Final = 34
TALL: Final = 56
LABEL_ROOM: Final = 170
LABEL_LINE: Final = 15
LABEL_LINES: Final = 4
_LAYOUT: Final = {
    "elk.algorithm": "layered",
    "elk.direction": "DOWN",
    "elk.edgeRouting": "ORTHOGONAL",
    "elk.randomSeed": "1",
    "elk.layered.cycleBreaking.strategy": "MODEL_ORDER",
    "elk.layered.considerModelOrder.strategy": "PREFER_EDGES",
    "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
    "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
    "elk.layered.edgeLabels.centerLabelPlacementStrategy": "TAIL_LAYER",
    "elk.layered.feedbackEdges": "true",
    "elk.spacing.componentComponent": "64",
    "elk.spacing.nodeNode": "36",
    "elk.layered.spacing.nodeNodeBetweenLayers": "30",
    "elk.spacing.edgeNode": "18",
    "elk.spacing.edgeEdge": "14",
    "elk.layered.spacing.edgeNodeBetweenLayers": "16",
    "elk.layered.spacing.edgeEdgeBetweenLayers": "12",
    "elk.spacing.edgeLabel": "4",
    "elk.spacing.labelNode": "6",
    "elk.padding": "[top=24,left=24,bottom=24,right=24]",
}


@dataclass(frozen=True)
class Box:
    """A rectangle on the picture, in pixels from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class PlacedNode:
    """A node, where it stands, and its title in lines."""

    node: Node
    box: Box
    title: tuple[str, ...]
    summary: str


@dataclass(frozen=True)
class PlacedLine:
    """A line, its corners, and its label."""

    line: Line
    points: tuple[tuple[float, float], ...]
    label: tuple[str, ...]
    box: Box | None


@dataclass(frozen=True)
class Placed:
    """A chart in which everything has its place."""

    chart: Chart
    nodes: tuple[PlacedNode, ...]
    lines: tuple[PlacedLine, ...]
    width: float
    height: float


def place(chart: Chart) -> Placed:
    """Return *chart* with a place for everything in it."""
    titles = {node.id: _title(node) for node in chart.nodes}
    labels = [_label(line) for line in chart.lines]
    graph = elk().layout(
        {
            "id": "chart",
            "layoutOptions": _LAYOUT,
            "children": [_child(node, titles[node.id], chart.lines) for node in chart.nodes],
            "edges": [_edge(number, label) for number, label in enumerate(labels)],
        }
    )
    boxes = {child["id"]: _box(child) for child in graph["children"]}
    edges = {edge["id"]: edge for edge in graph["edges"]}
    return Placed(
        chart,
        tuple(
            PlacedNode(node, boxes[node.id], titles[node.id], TEXT.fit(node.summary, _room(node)))
            for node in chart.nodes
        ),
        tuple(
            _line(line, label, edges[f"line:{number}"])
            for number, (line, label) in enumerate(zip(chart.lines, labels, strict=True))
        ),
        graph["width"],
        graph["height"],
    )


def alone(node: Node, margin: float) -> PlacedNode:
    """Return *node* in the upper left corner of a picture of its own, *margin* pixels from the edges."""
    title = _title(node)
    return PlacedNode(node, Box(margin, margin, WIDTH, _height(title)), title, TEXT.fit(node.summary, _room(node)))


def _line(line: Line, label: tuple[str, ...], edge: dict[str, Any]) -> PlacedLine:
    section = edge["sections"][0]
    corners = [section["startPoint"], *section.get("bendPoints", ()), section["endPoint"]]
    box = _box(edge["labels"][0]) if label else None
    return PlacedLine(line, tuple((round(corner["x"], 1), round(corner["y"], 1)) for corner in corners), label, box)


def _box(placed: dict[str, Any]) -> Box:
    return Box(*(round(placed[key], 1) for key in ("x", "y", "width", "height")))


def _room(node: Node) -> float:
    """Return how wide a text of the node may be."""
    inset = INSET if node.symbol.shape in {"diamond", "parallelogram"} else PADDING
    return WIDTH - 2 * inset - BADGE - 10


def _title(node: Node) -> tuple[str, ...]:
    return (TITLE.fit(node.title, _room(node)),) if node.small else TITLE.wrap(node.title, _room(node), 2)


def _height(title: tuple[str, ...]) -> float:
    return TALL + 17 * (len(title) - 1)


def _label(line: Line) -> tuple[str, ...]:
    shown = line.labels if len(line.labels) <= LABEL_LINES else line.labels[: LABEL_LINES - 1]
    more = len(line.labels) - len(shown)
    found = tuple(LABEL.fit(one, LABEL_ROOM) for one in shown)
    return (*found, f"+ {more}") if more else found


def _child(node: Node, title: tuple[str, ...], lines: Iterable[Line]) -> dict[str, Any]:
    width = TITLE.width(title[0]) + 52 if node.small else WIDTH
    height = SMALL if node.small else _height(title)
    out = [number for number, line in enumerate(lines) if line.source == node.id]
    into = [number for number, line in enumerate(lines) if line.target == node.id]
    ports = [_port(f"out:{number}", "SOUTH") for number in out] + [_port(f"in:{number}", "NORTH") for number in into]
    return {
        "id": node.id,
        "width": round(width, 1),
        "height": height,
        "ports": ports,
        "layoutOptions": {
            "elk.portConstraints": "FIXED_SIDE",
            "elk.spacing.portsSurrounding": f"[top=0,left={INSET + 8},bottom=0,right={INSET + 8}]",
            "elk.spacing.portPort": "14",
            "elk.priority": "1" if node.id == START else "0",
        },
    }


def _port(id_: str, side: str) -> dict[str, Any]:
    return {"id": id_, "width": 0, "height": 0, "layoutOptions": {"elk.port.side": side}}


def _edge(number: int, label: tuple[str, ...]) -> dict[str, Any]:
    edge: dict[str, Any] = {"id": f"line:{number}", "sources": [f"out:{number}"], "targets": [f"in:{number}"]}
    if label:
        size = {"width": round(max(map(LABEL.width, label)) + 16, 1), "height": LABEL_LINE * len(label) + 6}
        edge["labels"] = [
            {
                "text": " ",
                **size,
                "layoutOptions": {"elk.edgeLabels.inline": "true", "elk.edgeLabels.placement": "CENTER"},
            }
        ]
    return edge
