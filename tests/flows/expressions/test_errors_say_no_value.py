"""Errors of expressions never say a value: it may be a contact's, and journal and logs keep errors."""

import pytest

from domain.errors import ExpressionError
from flows.expressions.expression import evaluate, render
from flows.expressions.filters import filters

CANARY = "Kanarienvogel"
NAMES = {
    "text": CANARY,
    "list": [CANARY, [CANARY]],
    "record": {"part": {"name": CANARY}},
    "numbers": [1, 2],
    "date": "2026-12-10",
}
EXPRESSIONS = [
    *(f"{name} | {filter_}" for name in NAMES for filter_ in filters),
    *(f"{name} | {filter_}(text)" for name in NAMES for filter_ in filters if filters[filter_].arguments),
    *(f"{name}[text]" for name in ("text", "list", "numbers", "date")),
    *(f"{name} < {other}" for name in NAMES for other in NAMES),
    *(f"{name} in {other}" for name in NAMES for other in NAMES),
    "text.part",
    "list.part",
    "missing ~ text",
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_error_says_no_value(expression: str) -> None:
    for work in (lambda: evaluate(expression, NAMES), lambda: render(f"{{{{ {expression} }}}}", NAMES)):
        try:
            work()
        except ExpressionError as error:
            assert CANARY not in str(error)  # noqa: PT017 - most expressions have a value


def test_an_error_shows_the_shape_of_what_it_found() -> None:
    with pytest.raises(ExpressionError, match=r"found a text like '999\.999\.999-99'"):
        evaluate("document | money", {"document": "529.982.247-25"})
    with pytest.raises(ExpressionError, match="a text has no part that a text names"):
        evaluate("text[text]", NAMES)
    with pytest.raises(ExpressionError, match="a text has no part 'name'"):
        evaluate("text.name", NAMES)
