"""Read a flow from a YAML file, or list all mistakes in it, with their lines."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, cast

from pydantic import ValidationError

from domain.errors import FlowError
from domain.suggestion import nearest_or_all
from flows.cards import cards
from flows.flow import Flow
from flows.reading.mistakes import Dialect, mistakes, shown
from flows.reading.tree import Node, read_tree


def read_flow(text: str, file: str) -> Flow:
    """Return the flow that *text* says; FlowError lists every mistake as `FILE:LINE: card 'ask': ...`, one a line."""
    tree = read_tree(text, file)
    if tree.keys is None:
        raise FlowError(f"{file}:{tree.line}: expected a mapping with the keys 'spec', 'flow' and 'cards'")
    found = dict.fromkeys(_repeated_ids(tree))
    try:
        flow = Flow.model_validate(tree.plain())
    except ValidationError as error:
        found |= dict.fromkeys(mistakes(tree, error, _DIALECT))
    else:
        if not found:
            return flow
    raise FlowError("\n".join(f"{file}:{line}: {said}" for line, said in sorted(found)))


class Places(NamedTuple):
    """Where things stand in the file of a flow.

    Keys are card ids (`ask`), what is below them (`ask.reminders.0.text`), and, after an `@`, what is not part of
    a card (`@variables.document`).
    """

    lines: dict[str, int]
    """Counted from 1."""
    comments: dict[str, str]
    """The rest of the line after texts without quotes, by key."""


def places(text: str) -> Places:
    """Return where things stand in a flow that can be read."""
    tree = read_tree(text, "")
    found = {f"@{key}": one for key, one in _below(tree) if key.partition(".")[0] != "cards"}
    for card in _cards(tree):
        if (id_ := _id(card)) is not None:
            found.setdefault(id_, (card.line, ""))
            found.update({f"{id_}.{key}": one for key, one in _below(card)})
    return Places(
        lines={key: line for key, (line, _) in found.items()},
        comments={key: comment for key, (_, comment) in found.items() if comment},
    )


def _below(node: Node) -> Iterator[tuple[str, tuple[int, str]]]:
    """Yield the key of everything below *node*, with its line and the rest of that line."""
    children = [(key, node.key_lines[key], child) for key, child in (node.keys or {}).items()]
    children += [(str(place), child.line, child) for place, child in enumerate(node.items or ())]
    for key, line, child in children:
        yield key, (line, child.comment if child.scalar is not None else "")
        for inner, found in _below(child):
            yield f"{key}.{inner}", found


def _cards(tree: Node) -> list[Node]:
    cards = tree.child("cards")
    return cards.items or [] if cards else []


def _id(card: Node) -> str | None:
    node = card.child("id")
    return node.scalar if node and isinstance(node.scalar, str) else None


def _repeated_ids(tree: Node) -> Iterator[tuple[int, str]]:
    seen: dict[str, int] = {}
    for card in _cards(tree):
        id_ = _id(card)
        if id_ in seen:
            yield card.line, f"card {id_!r}: another card in line {seen[id_]} has the same id"
        elif id_ is not None:
            seen[id_] = card.line


def _called(card: Node, place: int) -> str:
    return f"card {_id(card)!r}" if _id(card) else f"card {place + 1} of the list"


def _untyped(card: object) -> str:
    if not isinstance(card, Mapping):
        return f"expected a card, found {shown(card)}"
    kind = cast("Mapping[str, object]", card).get("card")
    if not isinstance(kind, str):
        return f"key 'card' is missing, or is not one of {', '.join(cards)}"
    return f"unknown card type {kind!r}{nearest_or_all(kind, cards)}"


_DIALECT: Final = Dialect(
    model=Flow, lists={"cards": _called}, typed="cards", types={name: cards[name] for name in cards}, untyped=_untyped
)
