"""What an expression is worth: one small function a kind of node."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from jinja2 import nodes

from domain.errors import ExpressionError
from domain.limits import LIMITS
from flows.filters import filters
from flows.suggestion import nearest
from flows.values import equal, is_list, is_record, kind, less, to_text

Names = Mapping[str, object]


def value_of(node: nodes.Node, names: Names) -> object:
    """Return the value of a checked tree; ExpressionError when *names* or types do not allow one."""
    return _EVALUATORS[type(node)](node, names)


def joined(pieces: Iterable[nodes.Node], names: Names) -> str:
    """Return the texts of *pieces* in a row, within the limit of a text."""
    texts: list[str] = []
    size = 0
    for piece in pieces:
        text = to_text(value_of(piece, names))
        size += len(text.encode())
        if size > LIMITS.template_result:
            raise ExpressionError(f"the text would have more than {LIMITS.template_result} bytes")
        texts.append(text)
    return "".join(texts)


def _name(node: nodes.Name, names: Names) -> object:
    if node.name not in names:
        raise ExpressionError(f"unknown name {node.name!r}{nearest(node.name, names)}")
    return names[node.name]


def _negative(node: nodes.Neg, names: Names) -> object:
    value = value_of(node.node, names)
    return -value if isinstance(value, int | float) else value


def _chosen(node: nodes.CondExpr, names: Names) -> object:
    chosen = node.expr1 if value_of(node.test, names) else node.expr2
    return None if chosen is None else value_of(chosen, names)


def _filtered(node: nodes.Filter, names: Names) -> object:
    value = None if node.node is None else value_of(node.node, names)
    return filters[node.name].apply(value, *(value_of(argument, names) for argument in node.args))


def _tested(node: nodes.Test, names: Names) -> bool:
    if node.name == "none":
        return value_of(node.node, names) is None
    if isinstance(node.node, nodes.Name):
        return node.node.name in names
    if isinstance(node.node, nodes.Getattr | nodes.Getitem):
        return _lookup(node.node, names)[0]
    return value_of(node.node, names) is not None


def _part(node: nodes.Getattr | nodes.Getitem, names: Names) -> object:
    return _lookup(node, names)[1]


def _lookup(node: nodes.Getattr | nodes.Getitem, names: Names) -> tuple[bool, object]:
    """Return whether the part is there, and the part: nothing when it is not."""
    owner = value_of(node.node, names)
    key = node.attr if isinstance(node, nodes.Getattr) else value_of(node.arg, names)
    if owner is None:
        return False, None
    if is_record(owner) and isinstance(key, str):
        return key in owner, owner.get(key)
    if is_list(owner) and isinstance(key, int) and not isinstance(key, bool):
        there = -len(owner) <= key < len(owner)
        return there, owner[key] if there else None
    raise ExpressionError(
        f"{kind(owner)} has no part {to_text(key)!r}: only records have named parts, and lists numbered ones"
    )


def _compared(node: nodes.Compare, names: Names) -> bool:
    left = value_of(node.expr, names)
    for operand in node.ops:
        right = value_of(operand.expr, names)
        if not _COMPARISONS[operand.op](left, right):
            return False
        left = right
    return True


def _within(item: object, owner: object) -> bool:
    if owner is None:
        return False
    if isinstance(owner, str) and isinstance(item, str):
        return item in owner
    if is_list(owner):
        return any(equal(item, one) for one in owner)
    if is_record(owner):
        return item in owner
    raise ExpressionError(f"'in' expects a list, a record or a text, found {kind(owner)}")


_COMPARISONS: Final[dict[str, Callable[[object, object], bool]]] = {
    "eq": equal,
    "ne": lambda left, right: not equal(left, right),
    "lt": less,
    "gt": lambda left, right: less(right, left),
    "lteq": lambda left, right: not less(right, left),
    "gteq": lambda left, right: not less(left, right),
    "in": _within,
    "notin": lambda left, right: not _within(left, right),
}

_EVALUATORS: Final[dict[type[nodes.Node], Callable[[Any, Names], object]]] = {
    nodes.TemplateData: lambda node, _: node.data,
    nodes.Const: lambda node, _: node.value,
    nodes.Name: _name,
    nodes.Neg: _negative,
    nodes.Getattr: _part,
    nodes.Getitem: _part,
    nodes.Filter: _filtered,
    nodes.Test: _tested,
    nodes.CondExpr: _chosen,
    nodes.Concat: lambda node, names: joined(node.nodes, names),
    nodes.List: lambda node, names: [value_of(item, names) for item in node.items],
    nodes.And: lambda node, names: value_of(node.left, names) and value_of(node.right, names),
    nodes.Or: lambda node, names: value_of(node.left, names) or value_of(node.right, names),
    nodes.Not: lambda node, names: not value_of(node.node, names),
    nodes.Compare: _compared,
}
