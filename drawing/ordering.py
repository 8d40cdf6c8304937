"""The order of a chart from top to bottom, and which of its lines turn back."""

from collections.abc import Iterable
from dataclasses import replace

from drawing.chart import Line, Node


def ordered(nodes: Iterable[Node], lines: Iterable[Line]) -> tuple[tuple[Node, ...], tuple[Line, ...]]:
    """Return *nodes* from top to bottom, and *lines* with those marked that close a loop.

    Loops are found by walking the chart as a conversation would, options in their order: it is the line that comes
    back to a card on the way here that turns back, and not the one that led to the loop.
    """
    known = {node.id: node for node in nodes}
    after: dict[str, list[str]] = {id_: [] for id_ in known}
    for line in lines:
        after[line.source].append(line.target)
    back = _back(after)
    turned = tuple(replace(line, back=(line.source, line.target) in back) for line in lines)
    return tuple(known[id_] for id_ in _downwards(after, back)), turned


def _back(after: dict[str, list[str]]) -> set[tuple[str, str]]:
    walking: set[str] = set()
    done: set[str] = set()
    back: set[tuple[str, str]] = set()
    for root, first in after.items():
        way = [(root, iter(first))] if root not in done else []
        walking.update(id_ for id_, _ in way)
        while way:
            id_, targets = way[-1]
            target = next(targets, None)
            if target is None:
                way.pop()
                walking.discard(id_)
                done.add(id_)
            elif target in walking:
                back.add((id_, target))
            elif target not in done:
                walking.add(target)
                way.append((target, iter(after[target])))
    return back


def _downwards(after: dict[str, list[str]], back: set[tuple[str, str]]) -> list[str]:
    """Return the nodes such that each comes after those that lead to it, else in the order of the script."""
    above = dict.fromkeys(after, 0)
    forward = [(source, target) for source, targets in after.items() for target in targets]
    forward = [line for line in forward if line not in back]
    for _, target in forward:
        above[target] += 1
    found: list[str] = []
    while above:
        id_ = next(id_ for id_, waiting in above.items() if not waiting)
        del above[id_]
        found.append(id_)
        for source, target in forward:
            if source == id_:
                above[target] -= 1
    return found
