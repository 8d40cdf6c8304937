"""Lines that would run across a large chart, as jumps: the line ends in the name of the card where it goes on."""

from collections import Counter
from dataclasses import replace
from typing import Final

from drawing.chart import Chart, Line, Node
from flows.cards.base import Symbol

MANY: Final = 45
"""From how many nodes on a chart is large."""
FAR: Final = 12
"""Nodes that a line may pass, from one end to the other."""
SOUGHT: Final = 4
"""Lines into one card that may all be drawn."""


def with_jumps(chart: Chart) -> Chart:
    """Return *chart* with jumps for long lines, and for all but the nearest line into a card with many."""
    if len(chart.nodes) <= MANY:
        return chart
    places = {node.id: place for place, node in enumerate(chart.nodes)}
    known = {node.id: node for node in chart.nodes}
    into = Counter(line.target for line in chart.lines)
    kept: dict[str, Line] = {}
    for line in chart.lines:
        if not line.back and (line.target not in kept or places[line.source] > places[kept[line.target].source]):
            kept[line.target] = line
    lines: list[Line] = []
    after: dict[str, list[Node]] = {}
    for line in chart.lines:
        far = abs(places[line.target] - places[line.source]) > FAR
        if line is kept.get(line.target) or not (far or into[line.target] >= SOUGHT):
            lines.append(line)
            continue
        jump = _jump(line, known[line.target])
        after.setdefault(line.source, []).append(jump)
        lines.append(replace(line, target=jump.id, back=False))
    nodes = [one for node in chart.nodes for one in (node, *after.get(node.id, ()))]
    return replace(chart, nodes=tuple(nodes), lines=tuple(lines))


def _jump(line: Line, target: Node) -> Node:
    symbol = Symbol(
        icon="corner-left-up" if line.back else "corner-right-down",
        colour="#b45309" if line.back else target.symbol.colour,
        shape="pill",
    )
    return Node(f"@jump:{line.source}:{line.target}", symbol, target.title, card=target.id, mark=line.mark)
