"""From a YAML file to a flow, or to a complete list of what is wrong with it, line by line."""

from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.errors import FlowError
from flows.flow import Flow
from flows.mistakes import sentence
from flows.tree import Node, read_tree

_TYPE_PLACE: Final = 2
"""Where pydantic's location of a mistake in a card holds the card's type: `cards`, place in the list, type."""


def read_flow(text: str, file: str) -> Flow:
    """Return the flow that *text* says; FlowError lists every mistake as `FILE:LINE: card 'ask': ...`, one a line."""
    tree = read_tree(text, file)
    if tree.keys is None:
        raise FlowError(f"{file}:{tree.line}: expected a mapping with the keys 'spec', 'flow' and 'cards'")
    found = dict.fromkeys(_repeated_ids(tree))
    try:
        flow = Flow.model_validate(tree.plain())
    except ValidationError as error:
        found |= dict.fromkeys(
            _mistake(tree, details) for details in error.errors(include_url=False) if not _is_echo(details)
        )
    else:
        if not found:
            return flow
    raise FlowError("\n".join(f"{file}:{line}: {said}" for line, said in sorted(found)))


def lines(text: str) -> dict[str, int]:
    """Return the lines of a flow that can be read, counted from 1.

    Keys are card ids (`ask`), what is below them (`ask.reminders.0.text`), and, after an `@`, what is not part of
    a card (`@variables.document`).
    """
    tree = read_tree(text, "")
    found = {f"@{key}": line for key, line in _below(tree) if key.partition(".")[0] != "cards"}
    for card in _cards(tree):
        if (id_ := _id(card)) is not None:
            found.setdefault(id_, card.line)
            found.update({f"{id_}.{key}": line for key, line in _below(card)})
    return found


def _below(node: Node) -> Iterator[tuple[str, int]]:
    children = [(key, node.key_lines[key], child) for key, child in (node.keys or {}).items()]
    children += [(str(place), child.line, child) for place, child in enumerate(node.items or ())]
    for key, line, child in children:
        yield key, line
        for inner, inner_line in _below(child):
            yield f"{key}.{inner}", inner_line


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


def _mistake(tree: Node, details: ErrorDetails) -> tuple[int, str]:
    """Return line and sentence of one of pydantic's findings."""
    line, node, path = tree.line, tree, list[str]()
    owner = ""
    for place, part in enumerate(details["loc"]):
        if details["loc"][0] == "cards" and place == _TYPE_PLACE:
            continue
        if (child := node.child(part)) is None:
            # Either it is missing, or pydantic has added it: `[key]`.
            path += [str(part)] if details["type"] == "missing" else []
            continue
        line = node.key_lines.get(str(part), child.line)
        if isinstance(part, str):
            path.append(part)
        elif path == ["cards"]:
            path, owner = [], f"card {_id(child)!r}: " if _id(child) else f"card {part + 1} of the list: "
        node = child
    return line, f"{owner}{sentence(details, path, details.get('input'))}"


def _is_echo(details: ErrorDetails) -> bool:
    """Whether pydantic only says that nothing is left of a list because all of it was wrong."""
    return details["type"] == "too_short" and bool(details.get("input"))
