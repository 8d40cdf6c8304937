import time
from decimal import Decimal

import pytest

from domain.errors import ExpressionError
from flows.expressions.values import equal, less, number, plain, to_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "sim"),
        (False, "não"),
        ("89.90", "89.90"),
        (Decimal("89.90"), "89.90"),
        (3.0, "3"),
        (3.5, "3.5"),
        (-2, "-2"),
        ([1, "a", None], "1, a, "),
    ],
)
def test_a_value_is_written_as_people_read_it(value: object, text: str) -> None:
    assert to_text(value) == text


@pytest.mark.parametrize("value", [10**250, float("inf"), float("nan"), {"a": 1}, object(), {1, 2}])
def test_what_cannot_be_written_is_refused(value: object) -> None:
    with pytest.raises(ExpressionError):
        to_text(value)


@pytest.mark.parametrize("text", ["1e5", "NaN", "Infinity", "1_000", "١", "1,5", "+1", " 1", "", "9" * 31])
def test_only_plain_decimals_are_numbers(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("89.90", 89.9, True),
        ("89.90", Decimal("89.9"), True),
        ("89.90", "89.9", False),
        (1, 1.0, True),
        (True, 1, False),
        (None, "", False),
        (None, None, True),
        ([1, "a"], [1, "a"], True),
        ({"a": 1}, {"a": 1}, True),
        ("a", "A", False),
    ],
)
def test_a_number_equals_its_text_and_nothing_else_is_bent(one: object, other: object, *, same: bool) -> None:
    assert equal(one, other) is same


def test_decimal_texts_are_compared_as_numbers() -> None:
    assert less("89.90", "100.00")
    assert less("9", 10)
    assert less("2026-12-10", "2027-01-01")


@pytest.mark.parametrize(("one", "other"), [(1, "a"), (None, 1), ([1], [2]), (True, 1), ({}, {})])
def test_what_has_no_order_is_refused(one: object, other: object) -> None:
    with pytest.raises(ExpressionError, match="cannot be compared"):
        less(one, other)


def test_plain_values_are_json() -> None:
    assert plain({"a": (Decimal("1.50"), None)}) == {"a": ["1.50", None]}
    with pytest.raises(ExpressionError, match="not a value"):
        plain(object())


def test_a_number_of_thousands_of_digits_is_refused_quickly() -> None:
    began = time.monotonic()
    with pytest.raises(ExpressionError, match="too large"):
        to_text(1 << 8_000_000)
    assert time.monotonic() - began < 10  # a hang would be minutes
