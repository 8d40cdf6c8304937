"""The grammar of expressions: Jinja2's parser behind an allow-list, with exact positions.

Jinja2 is only asked to parse. Nothing it compiles or evaluates is used.
"""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final, NoReturn

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream
from jinja2.parser import Parser

from domain.errors import ExpressionError
from domain.limits import LIMITS
from domain.suggestion import nearest_or_all
from flows.expressions.filters import filters
from flows.expressions.values import NESTING

ALLOWED: Final = (
    "names, parts (invoice.amount, list[0]), texts, numbers, lists, ~, comparisons, and, or, not, "
    "`a if b else c`, `is defined`, `is none`, and filters"
)

_ENVIRONMENT: Final = Environment(keep_trailing_newline=True, autoescape=False)  # noqa: S701 - never renders
_TESTS: Final = ("defined", "none")
_REFUSED_TOKENS: Final = {
    "block_begin": "{% %}",
    "raw_begin": "{% raw %}",
    "comment_begin": "{# #}",
}
_REFUSED_NODES: Final[dict[type[nodes.Node], str]] = {
    nodes.Call: "a call",
    nodes.Slice: "a slice",
    nodes.Dict: "a dictionary",
    nodes.Tuple: "a comma outside of a list",
    nodes.Pos: "the sign +",
    nodes.BinExpr: "arithmetic",
    nodes.Test: "this test",
}
_PLAIN_NODES: Final = (
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Concat,
    nodes.List,
    nodes.Getitem,
    nodes.TemplateData,
)


@lru_cache(maxsize=4096)
def parse_template(template: str) -> tuple[nodes.Expr, ...]:
    """Return the pieces of a text, in order: `TemplateData` and expressions."""
    _fits(template, LIMITS.template_source, "text")
    if "{" not in template:
        return (nodes.TemplateData(template),) if template else ()
    source = _normal(template)
    parser = _parser(source, None)
    try:
        body = parser.parse().body
    except TemplateSyntaxError as error:
        _fail(source, error.lineno - 1, _sentence(error))
    except RecursionError:
        _fail(source, 0, f"nested deeper than {NESTING} levels")
    pieces = [piece for output in body if isinstance(output, nodes.Output) for piece in output.nodes]
    for piece in pieces:
        _check(source, piece, NESTING)
    return tuple(pieces)


@lru_cache(maxsize=4096)
def parse_expression(expression: str) -> nodes.Expr:
    """Return the tree of a bare expression, as `if` has it."""
    _fits(expression, LIMITS.expression_source, "expression")
    source = _normal(expression)
    if not source.strip():
        _fail(source, 0, "expected an expression, found nothing")
    parser = _parser(source, "variable")
    try:
        tree = parser.parse_expression()
        if not parser.stream.eos:
            _fail(source, parser.stream.current.lineno - 1, f"unexpected {str(parser.stream.current)!r}")
    except TemplateSyntaxError as error:
        _fail(source, error.lineno - 1, _sentence(error))
    except RecursionError:
        _fail(source, 0, f"nested deeper than {NESTING} levels")
    _check(source, tree, NESTING)
    return tree


@contextmanager
def placed(source: str) -> Generator[None]:
    """Have errors of evaluating *source* begin with their place in it."""
    try:
        yield
    except ExpressionError as error:
        if error.at is None:
            raise
        raise ExpressionError(f"{position(_normal(source), error.at)}: {error}") from None


def position(source: str, offset: int) -> str:
    """Return where *offset* is, as people count: `column 7`, with the line when there are several."""
    before = source[: max(offset, 0)]
    column = len(before) - before.rfind("\n")
    return f"line {before.count(chr(10)) + 1}, column {column}" if "\n" in source else f"column {column}"


def _parser(source: str, state: str | None) -> Parser:
    # Jinja2 knows lines only. Its parser copies a token's line into every node and error, so the offset + 1
    # travels in that place.
    parser = Parser(_ENVIRONMENT, "")
    parser.stream = TokenStream(_ENVIRONMENT.lexer.wrap(_tokens(source, state)), None, None)
    return parser


def _tokens(source: str, state: str | None) -> Iterator[tuple[int, str, str]]:
    at, depth = 0, 0
    raw = _ENVIRONMENT.lexer.tokeniter(source, None, None, state)
    while True:
        try:
            _, kind, value = next(raw)
        except StopIteration:
            return
        except TemplateSyntaxError as error:
            raise TemplateSyntaxError(error.message or "not readable", at + 1) from None
        at = max(source.find(value, at), at)
        if kind in _REFUSED_TOKENS:
            _fail(source, at, f"{_REFUSED_TOKENS[kind]} is not allowed; allowed are {{{{ }}}} with {ALLOWED}")
        if kind == "operator":
            depth += (value in "([{") - (value in ")]}")
            if depth > NESTING:
                _fail(source, at, f"nested deeper than {NESTING} levels")
        yield at + 1, kind, value
        at += len(value)


def _check(source: str, node: nodes.Node, depth: int) -> None:
    if depth == 0:
        _fail(source, node.lineno - 1, f"nested deeper than {NESTING} levels")
    match node:
        case nodes.Name() | nodes.Getattr():
            name = node.name if isinstance(node, nodes.Name) else node.attr
            if name.startswith("_"):
                _fail(source, node.lineno - 1, f"{name!r} is not allowed: names do not begin with _")
        case nodes.Filter():
            _check_filter(source, node)
        case nodes.Test(name=name, args=[]) if name in _TESTS:
            pass
        case nodes.Const(value=value) if value is None or isinstance(value, bool | int | float | str):
            pass
        case nodes.Neg(node=nodes.Const(value=value)) if isinstance(value, int | float):
            pass
        case _ if isinstance(node, _PLAIN_NODES):
            pass
        case _:
            found = next((name for known, name in _REFUSED_NODES.items() if isinstance(node, known)), "this")
            _fail(source, node.lineno - 1, f"{found} is not allowed; allowed are {ALLOWED}")
    for child in node.iter_child_nodes():
        _check(source, child, depth - 1)


def _check_filter(source: str, node: nodes.Filter) -> None:
    at = node.lineno - 1
    if node.name not in filters:
        _fail(source, at, f"unknown filter {node.name!r}{nearest_or_all(node.name, filters)}")
    most = filters[node.name].arguments
    if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) > most:
        _fail(source, at, f"filter {node.name!r} takes at most {most} arguments in brackets, without names")


def _fits(source: str, limit: int, what: str) -> None:
    if (size := len(source.encode())) > limit:
        raise ExpressionError(f"the {what} has {size} bytes, {limit} at most")


def _normal(source: str) -> str:
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _sentence(error: TemplateSyntaxError) -> str:
    return re.sub(r" at [0-9]+$", "", (error.message or "not readable").rstrip("."))


def _fail(source: str, offset: int, sentence: str) -> NoReturn:
    raise ExpressionError(f"{position(source, offset)}: {sentence}")
