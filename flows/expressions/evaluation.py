"""Evaluate an expression: one small function for each kind of node."""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any, Final

from jinja2 import nodes

from domain.errors import ExpressionError
from domain.limits import LIMITS
from domain.suggestion import nearest
from flows.expressions.filters import filters
from flows.expressions.values import equal, is_list, is_record, kind, less, to_text

Names = Mapping[str, object]


class Scope(dict[str, object]):
    """The names that one expression, or text, knows, and the effort that is left to it."""

    def __init__(self, names: Names) -> None:
        super().__init__(names)
        self._left = LIMITS.expression_effort

    def spend(self, value: object) -> None:
        """Count the elements of *value* when it is a list; ExpressionError when the effort is used up.

        A short expression may go through a long list many times, and a workflow has no time for that.
        """
        if is_list(value):
            self._left -= len(value)
            if self._left < 0:
                raise ExpressionError(f"it would look at more than {LIMITS.expression_effort} elements of lists")
            for item in value:
                self.spend(item)


def value_of(node: nodes.Node, names: Scope) -> object:
    """Return the value of a checked tree; ExpressionError, with its place, when *names* or types do not allow one."""
    with _at(node):
        return _EVALUATORS[type(node)](node, names)


def joined(pieces: Iterable[nodes.Node], names: Scope, spell: Callable[[str], str] = str) -> str:
    """Return the texts of *pieces* in a row, those of expressions as *spell* has them, within the limit of a text."""
    texts: list[str] = []
    size = 0
    for piece in pieces:
        with _at(piece):
            value = value_of(piece, names)
            names.spend(value)
            text = to_text(value)
            if not isinstance(piece, nodes.TemplateData):
                text = spell(text)
            size += len(text.encode())
            if size > LIMITS.template_result:
                raise ExpressionError(f"the text would have more than {LIMITS.template_result} bytes")
        texts.append(text)
    return "".join(texts)


@contextmanager
def _at(node: nodes.Node) -> Generator[None]:
    """Have an error that comes of *node*, and of no node inside, know its place."""
    try:
        yield
    except ExpressionError as error:
        if error.at is None:
            error.at = node.lineno - 1  # see flows/expressions/grammar.py: the offset travels in the line's place
        raise


def _name(node: nodes.Name, names: Scope) -> object:
    if node.name not in names:
        raise ExpressionError(f"unknown name {node.name!r}{nearest(node.name, names)}")
    return names[node.name]


def _negative(node: nodes.Neg, names: Scope) -> object:
    value = value_of(node.node, names)
    return -value if isinstance(value, int | float) else value


def _chosen(node: nodes.CondExpr, names: Scope) -> object:
    chosen = node.expr1 if value_of(node.test, names) else node.expr2
    return None if chosen is None else value_of(chosen, names)


def _filtered(node: nodes.Filter, names: Scope) -> object:
    value = None if node.node is None else value_of(node.node, names)
    names.spend(value)
    return filters[node.name].apply(value, *(value_of(argument, names) for argument in node.args))


def _tested(node: nodes.Test, names: Scope) -> bool:
    if node.name == "none":
        return value_of(node.node, names) is None
    if isinstance(node.node, nodes.Name):
        return node.node.name in names
    if isinstance(node.node, nodes.Getattr | nodes.Getitem):
        return _lookup(node.node, names)[0]
    return value_of(node.node, names) is not None


def _part(node: nodes.Getattr | nodes.Getitem, names: Scope) -> object:
    return _lookup(node, names)[1]


def _lookup(node: nodes.Getattr | nodes.Getitem, names: Scope) -> tuple[bool, object]:
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
    name = f"part {key!r}" if isinstance(node, nodes.Getattr) else f"part that {kind(key)} names"
    raise ExpressionError(f"{kind(owner)} has no {name}: only records have named parts, and lists numbered ones")


def _compared(node: nodes.Compare, names: Scope) -> bool:
    left = value_of(node.expr, names)
    for operand in node.ops:
        right = value_of(operand.expr, names)
        names.spend(right)
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
        return isinstance(item, str) and item in owner
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

_EVALUATORS: Final[dict[type[nodes.Node], Callable[[Any, Scope], object]]] = {
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
