"""Whether an expression reads the clock: evaluated again, it may have another value."""

from functools import lru_cache
from typing import Final

from jinja2 import nodes
from pydantic import JsonValue

from flows.expressions.grammar import parse_expression, parse_template
from flows.expressions.values import NESTING

_MOMENTS: Final = frozenset({"opened_at", "window_open"})
"""Parts of `conversation` that depend on the time."""


def reads_clock(value: JsonValue, depth: int = NESTING) -> bool:
    """Whether a template in *value*, as `fill` renders it, reads the clock; ExpressionError when one has mistakes."""
    if isinstance(value, str):
        return _template_reads_clock(value)
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and any(reads_clock(item, depth - 1) for item in inside)


@lru_cache(maxsize=4096)
def expression_reads_clock(source: str) -> bool:
    """Whether the bare expression *source* reads the clock; ExpressionError when it has mistakes."""
    return _reads_clock(parse_expression(source))


@lru_cache(maxsize=4096)
def _template_reads_clock(template: str) -> bool:
    return any(_reads_clock(piece) for piece in parse_template(template))


def _reads_clock(node: nodes.Node) -> bool:
    match node:
        case (
            nodes.Getattr(node=nodes.Name(name="conversation"), attr=part)
            | nodes.Getitem(node=nodes.Name(name="conversation"), arg=nodes.Const(value=part))
        ):
            return part in _MOMENTS
        case nodes.Name(name=name):
            return name in {"now", "conversation"}
        case _:
            return any(_reads_clock(child) for child in node.iter_child_nodes())
