"""From a flow to its chart, and from two versions of one to the chart of the changes."""

from collections.abc import Iterator
from dataclasses import replace

from drawing.chart import START, TROUBLE, Chart, Line, Mark, Node
from drawing.ordering import ordered
from drawing.words import Words, brief, clean
from flows.cards.base import Card, Exit, Symbol
from flows.flow import END, FLOW, Flow


def chart(flow: Flow, language: str = "") -> Chart:
    """Return the chart of *flow*; the words that are not the author's are in *language*, else in the flow's own."""
    words = Words(language or flow.language)
    beginnings = list(_beginnings(flow, words))
    nodes = {node.id: node for node, _ in beginnings}
    lines = [Line(node.id, _known(flow, node.id, target)) for node, target in beginnings]
    for card in flow.cards:
        nodes[card.id] = node_of(card)
        lines += _lines(flow, card, words)
    nodes |= {line.target: _way_out(line.target, words) for line in lines if line.target.startswith("@")}
    kinds = {words.kind(card.card, card.symbol): card.symbol for card in flow.cards}
    title = clean(flow.title) or flow.flow
    return Chart(title, words.language, *ordered(nodes.values(), lines), dict(sorted(kinds.items())))


def compared(before: Flow, after: Flow, language: str = "") -> Chart:
    """Return the chart of *after* with the removed parts of *before*, and with differences marked."""
    old, new = chart(before, language), chart(after, language)
    nodes = {node.id: node for node in new.nodes}
    marks = differences(before, after)
    known = {node.id for node in old.nodes}
    for id_, node in nodes.items():
        nodes[id_] = replace(node, mark=marks.get(id_, "" if id_ in known else "added"))
    gone = [replace(node, mark="removed") for node in old.nodes if node.id not in nodes]
    nodes |= {node.id: node for node in gone}
    drawn = {(line.source, line.target): line for line in new.lines}
    former = {(line.source, line.target): line for line in old.lines}
    lines = [replace(line, mark=_line_mark(former.get(ends), line)) for ends, line in drawn.items()]
    lines += [replace(line, mark="removed") for ends, line in former.items() if ends not in drawn]
    return Chart(
        new.title, new.language, *ordered(nodes.values(), lines), dict(sorted({**old.kinds, **new.kinds}.items()))
    )


def differences(before: Flow, after: Flow) -> dict[str, Mark]:
    """Return the ids of the cards that differ, and how: in the order of *after*, then those that are gone."""
    old = {card.id: card for card in before.cards}
    found: dict[str, Mark] = {}
    for card in after.cards:
        if card.id not in old:
            found[card.id] = "added"
        elif card != old[card.id]:
            found[card.id] = "changed"
    kept = {card.id for card in after.cards}
    found.update((id_, "removed") for id_ in old if id_ not in kept)
    return found


def node_of(card: Card) -> Node:
    """Return *card* as a node of a chart."""
    called = card.calls()
    title = clean(card.title) or card.id
    return Node(card.id, card.symbol, title, clean(brief(card.summary())), called[0] if called else "")


def _line_mark(before: Line | None, after: Line) -> Mark:
    if before is None:
        return "added"
    return "" if before.labels == after.labels else "changed"


def _beginnings(flow: Flow, words: Words) -> Iterator[tuple[Node, str]]:
    """Give everything from which a conversation comes to the cards, and where: the first is where it starts."""
    yield Node(START, Symbol(icon="play", colour="#16a34a", shape="pill"), words.say("start")), flow.first().id
    for name, target in flow.keywords.targets():
        said = words.say("keyword").format(word=getattr(flow.texts, f"{name}_words")[0])
        yield (
            Node(f"@keyword.{name}", Symbol(icon="message-square-quote", colour="#0891b2", shape="pill"), said),
            target,
        )
    if flow.fallback:
        symbol = Symbol(icon="triangle-alert", colour="#b45309", shape="pill")
        yield Node(TROUBLE, symbol, words.say("trouble")), flow.fallback


def _way_out(target: str, words: Words) -> Node:
    """Return the end of a way: each card has ends of its own, so that no line crosses the picture for it."""
    name = target.partition(":")[0].removeprefix("@")
    if name == END:
        return Node(target, Symbol(icon="circle-stop", colour="#64748b", shape="pill"), words.say("end"))
    return Node(target, Symbol(icon="workflow", colour="#7c3aed", shape="pill"), name, flow=name)


def _lines(flow: Flow, card: Card, words: Words) -> Iterator[Line]:
    """Give one line for each target of *card*, with the names of all exits that lead there."""
    ways: dict[str, list[Exit]] = {}
    for way in card.ways_out():
        if way.target == END and not way.key:
            continue  # the card itself is an end
        ways.setdefault(_known(flow, card.id, flow.leads_to(card, way)), []).append(way)
    for target, exits in ways.items():
        labels = tuple(words.exit(way) for way in exits if way.label)
        only = len(ways) == 1 and all(way.label == way.name for way in exits)
        unsaid = all(way.target is None and not way.falls_through for way in exits)
        yield Line(card.id, target, () if only else labels, unsaid=unsaid)


def _known(flow: Flow, source: str, target: str) -> str:
    """Return the node that *target* is; FlowError when the flow has no such card."""
    if target == END or target.startswith(FLOW):
        return f"@{target.removeprefix(FLOW)}:{source}"
    return flow.card(target).id
