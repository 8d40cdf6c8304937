"""How values of a flow are written as text, compared, and made plain JSON."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeGuard

from pydantic import JsonValue

from domain.errors import ExpressionError
from domain.limits import LIMITS
from flows.understanding.portuguese import NO, YES

NESTING: Final = 40
"""Levels of lists and records, and of brackets in an expression."""

_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_EXACT: Final = 2**53
_SHAPE: Final = 20
_DIGITS: Final = 200
_WIDEST: Final = 660
"""Bits of a number of 200 digits; writing much wider ones takes Python long."""


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Whether *value* is a list in flows."""
    return isinstance(value, list | tuple)


def is_record(value: object) -> TypeGuard[Mapping[str, object]]:
    """Whether *value* is a record in flows."""
    return isinstance(value, Mapping)


def kind(value: object) -> str:
    """Return the kind of *value* with its article: `a list`."""
    for types, name in (
        (type(None), "nothing"),
        (bool, "yes or no"),
        ((int, float, Decimal), "a number"),
        (str, "a text"),
        ((list, tuple), "a list"),
        (Mapping, "a record"),
        ((date, datetime), "a date"),
    ):
        if isinstance(value, types):
            return name
    return f"a {type(value).__name__}"


def shape(value: object) -> str:
    """Return how *value* looks and not what it says, which may be personal: `a text like '9.999,99'`."""
    if not isinstance(value, str) or not value:
        return kind(value)
    letters = "".join("9" if one.isdigit() else "a" if one.isalpha() else one for one in value[:_SHAPE])
    return f"a text like {letters!r}"


def to_text(value: object) -> str:
    """Return *value* as a message shows it; ExpressionError for records, which have no one text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int | float | Decimal):
        return _number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_list(value):
        return ", ".join(to_text(item) for item in value)
    if is_record(value):
        parts = ", ".join(list(value)[:10])
        raise ExpressionError(f"a record cannot be written as text: name one of its parts ({parts})")
    raise ExpressionError(f"{kind(value)} cannot be written as text")


def number(value: object) -> Decimal | None:
    """Return *value* as a number when it is one, or a text that is exactly one (`89.90`); else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, int | float | Decimal):
        if isinstance(value, int) and value.bit_length() > _WIDEST:
            return None
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return exact if exact.is_finite() and abs(exact.adjusted()) < _DIGITS else None
    return None


def plain(value: object) -> JsonValue:
    """Return *value* as JSON has it; ExpressionError when it is too large, too deep, or not JSON."""
    return _plain(value, [LIMITS.variable], NESTING)


def _plain(value: object, budget: list[int], depth: int) -> JsonValue:
    budget[0] -= len(value) if isinstance(value, str) else 1
    if budget[0] < 0:
        raise ExpressionError(f"the value is larger than {LIMITS.variable} characters")
    if depth == 0:
        raise ExpressionError(f"the value is nested deeper than {NESTING} levels")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_list(value):
        return [_plain(item, budget, depth - 1) for item in value]
    if is_record(value):
        return {key: _plain(item, budget, depth - 1) for key, item in value.items()}
    raise ExpressionError(f"{kind(value)} is not a value that flows can keep")


def _number_text(value: float | Decimal) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    exact = number(value)
    if exact is None:
        raise ExpressionError("the number is too large to be written")
    return str(value)


def equal(left: object, right: object) -> bool:
    """Whether two values are the same; a number equals a text that is exactly that number."""
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    one, other = number(left), number(right)
    if one is not None and other is not None:
        return one == other
    return left == right


def less(left: object, right: object) -> bool:
    """Whether *left* comes before *right*: numbers (texts like `89.90` included), else text by its letters."""
    one, other = number(left), number(right)
    if one is not None and other is not None:
        return one < other
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    raise ExpressionError(f"{kind(left)} cannot be compared with {kind(right)} by size")
