"""Templates (`Olá, {{ contact.name }}`) and conditions (`invoices | length > 1`): pure, bounded, without calls."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from jinja2 import nodes
from pydantic import JsonValue

from domain.errors import ExpressionError
from flows.expressions.evaluation import Names, Scope, joined, value_of
from flows.expressions.grammar import parse_expression, parse_template, placed
from flows.expressions.values import NESTING, plain

_STEPS: Final = re.compile("[/?#]")
_UPWARDS: Final = frozenset({".", ".."})
_HIDING: Final = frozenset({"cpf", "length"})
"""Filters that show nothing of a person."""


def render(template: str, names: Names) -> str:
    """Return *template* with its `{{ expressions }}` replaced by their values as text."""
    with placed(template):
        return joined(parse_template(template), Scope(names))


def address(template: str, names: Names) -> str:
    """Return *template*, an address, as `render` does, but what expressions say is one step or value of it.

    `/`, `?` or `#` in a contact's words would lead elsewhere on the host, with our credentials: they are written as
    `%2F`, `%3F`, `%23`. An expression at the very beginning may be a whole address. ExpressionError for `..`.
    """
    template = template.strip()
    begins, others = parse_template(template)[:1], parse_template(template)[1:]
    with placed(template):
        scope = Scope(names)
        after = joined(others, scope, spell=_quoted)
        found = joined(begins, scope) + after
        if after and not _UPWARDS.isdisjoint(_STEPS.split(found)):
            raise ExpressionError("the address would have a step '.' or '..', which leads elsewhere")
    return found.strip()


def evaluate(source: str, names: Names) -> JsonValue:
    """Return the value of the bare expression *source*."""
    with placed(source):
        return plain(value_of(parse_expression(source), Scope(names)))


def fill(value: JsonValue, names: Names) -> JsonValue:
    """Return *value* with its texts rendered; a text that is one single `{{ expression }}` keeps its type."""
    return plain(_filled(value, names, NESTING))


def names_used(source: str, *, bare: bool = False) -> set[str]:
    """Return the names that a template, or a *bare* expression, reads."""
    trees = (parse_expression(source),) if bare else parse_template(source)
    found: set[str] = set()
    for tree in trees:
        inside = [tree] if isinstance(tree, nodes.Name) else tree.find_all(nodes.Name)
        found.update(node.name for node in inside)
    return found


def template_names(value: JsonValue) -> set[str]:
    """Return the names that the texts in *value* read, as `fill` would."""
    if isinstance(value, str):
        return names_used(value)
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {name for item in inside for name in template_names(item)}


def names_shown(value: JsonValue) -> set[str]:
    """Return the names of which the texts in *value* show something: not those only masked, counted or asked about."""
    if isinstance(value, str):
        return {name for piece in parse_template(value) for name in _shown(piece)}
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {name for item in inside for name in names_shown(item)}


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _shown(node: nodes.Node) -> Iterator[str]:
    match node:
        case nodes.Name():
            yield node.name
        case nodes.Filter(name=name) if name in _HIDING:
            return
        case nodes.Test() | nodes.Compare() | nodes.Not():
            return
        case nodes.CondExpr(expr1=chosen, expr2=other):
            for branch in (chosen, other):
                yield from _shown(branch) if branch is not None else ()
        case _:
            for child in node.iter_child_nodes():
                yield from _shown(child)


def _filled(value: JsonValue, names: Names, depth: int) -> object:
    if depth == 0:
        raise ExpressionError(f"the value is nested deeper than {NESTING} levels")
    if isinstance(value, dict):
        return {key: _filled(item, names, depth - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, names, depth - 1) for item in value]
    if not isinstance(value, str):
        return value
    pieces = parse_template(value)
    with placed(value):
        if len(pieces) == 1 and not isinstance(pieces[0], nodes.TemplateData):
            return value_of(pieces[0], Scope(names))
        return joined(pieces, Scope(names))
