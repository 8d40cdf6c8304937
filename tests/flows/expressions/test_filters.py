from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ExpressionError
from flows.expressions.filters import filters


@pytest.mark.parametrize(
    ("name", "value", "arguments", "result"),
    [
        ("length", [1, 2], (), 2),
        ("length", "abc", (), 3),
        ("length", {}, (), 0),
        ("length", None, (), 0),
        ("default", None, ("x",), "x"),
        ("default", "", ("x",), "x"),
        ("default", 0, ("x",), 0),
        ("default", None, (), ""),
        ("upper", "maçã", (), "MAÇÃ"),
        ("lower", "MAÇÃ", (), "maçã"),
        ("title", "MARIA DA SILVA E SOUZA", (), "Maria da Silva e Souza"),
        ("title", "DA SILVA", (), "Da Silva"),
        ("title", "joão d'ávila", (), "João D'ávila"),
        ("trim", "  a  ", (), "a"),
        ("first", [1, 2], (), 1),
        ("first", [], (), None),
        ("first", None, (), None),
        ("first", "abc", (), "a"),
        ("last", [1, 2], (), 2),
        ("join", ["a", 1, None], (" e ",), "a e 1 e "),
        ("join", None, (), ""),
        ("money", "1234.56", (), "R$ 1.234,56"),
        ("money", "89.90", (), "R$ 89,90"),
        ("money", 89.9, (), "R$ 89,90"),
        ("money", 1234567, (), "R$ 1.234.567,00"),
        ("money", Decimal("0.005"), (), "R$ 0,01"),
        ("money", "2.675", (), "R$ 2,68"),
        ("money", "-10", (), "-R$ 10,00"),
        ("money", "-0.001", (), "R$ 0,00"),
        ("money", "0", (), "R$ 0,00"),
        ("money", None, (), ""),
        ("money", "", (), ""),
        ("date", "2026-12-10", (), "10/12/2026"),
        ("date", "2026-12-10T23:59:00-03:00", (), "10/12/2026"),
        ("date", "2026-12-10T23:05:00Z", ("time",), "23:05"),
        ("date", "2026-12-10T23:05:00Z", ("datetime",), "10/12/2026 23:05"),
        ("date", "2026-12-10", ("short",), "10/12"),
        ("date", "2026-12-10", ("weekday",), "quinta-feira"),
        ("date", "2026-12-13", ("weekday",), "domingo"),
        ("date", "2026-03-01", ("long",), "1 de março de 2026"),
        ("date", date(2026, 1, 2), (), "02/01/2026"),
        ("date", datetime(2026, 1, 2, 3, 4, tzinfo=UTC), ("datetime",), "02/01/2026 03:04"),
        ("date", "0999-01-02", (), "02/01/0999"),
        ("date", None, (), ""),
        ("cpf", "52998224725", (), "***.982.247-**"),
        ("cpf", "529.982.247-25", (), "***.982.247-**"),
        ("cpf", "11444777000161", (), "**.444.777/0001-**"),
        ("cpf", "12abc34501de35", (), "**.ABC.345/01DE-**"),
        ("cpf", "123", (), "***"),
        ("cpf", None, (), ""),
        ("phone", "5511987654321", (), "(11) 98765-4321"),
        ("phone", "+55 11 98765-4321", (), "(11) 98765-4321"),
        ("phone", "11987654321", (), "(11) 98765-4321"),
        ("phone", "551134567890", (), "(11) 3456-7890"),
        ("phone", "+14155550100", (), "+14155550100"),
        ("phone", "0800", (), "0800"),
        ("phone", None, (), ""),
        ("first_name", "MARIA DA SILVA", (), "Maria"),
        ("first_name", "  josé  ", (), "José"),
        ("first_name", "✨Ju✨ 🌻", (), "Ju"),
        ("first_name", "🌻 Ana", (), "Ana"),
        ("first_name", "🌻", (), ""),
        ("first_name", "123", (), ""),
        ("first_name", None, (), ""),
    ],
)
def test_a_filter_changes_a_value(name: str, value: object, arguments: tuple[object, ...], result: object) -> None:
    assert filters[name].apply(value, *arguments) == result


@pytest.mark.parametrize(
    ("name", "value", "arguments", "sentence"),
    [
        ("length", 3, (), "expects a text or a list, found a number"),
        ("join", "abc", (), "expects a list, found a text"),
        ("join", ["x" * 100] * 200, (), "longer than 16384 characters"),
        ("join", [""] * 20_000, ("-",), "longer than 16384 characters"),
        ("first", 3, (), "expects a list, found a number"),
        ("money", "abc", (), "expects a number such as '89.90', found a text like 'aaa'"),
        ("money", "1.234,56", (), "found a text like '9.999,99'"),
        ("money", "NaN", (), "found a text like 'aaa'"),
        ("money", "1e999999999", (), "found a text like '9a999999999'"),
        ("money", "9" * 500, (), "expects a number"),
        ("money", float("inf"), (), "found a number"),
        ("money", 10**250, (), "found a number"),
        ("money", True, (), "found yes or no"),
        ("money", [1], (), "found a list"),
        ("date", "10/12/2026", (), "expects a date such as '2026-12-10', found a text like '99/99/9999'"),
        ("date", 20261210, (), "found a number"),
        ("date", "2026-12-10", ("%Y",), "has no such style; there are date, datetime, long, short, time, weekday"),
        ("date", "2026-12-10", (3,), "has no such style"),
        ("upper", {"a": 1}, (), "a record cannot be written as text"),
        ("cpf", {"a": 1}, (), "a record cannot be written as text"),
    ],
)
def test_what_a_filter_cannot_take_is_named(
    name: str, value: object, arguments: tuple[object, ...], sentence: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        filters[name].apply(value, *arguments)
    assert sentence in str(caught.value)


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals(allow_nan=True),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(filters)), anything, st.lists(anything, max_size=1))
def test_every_filter_takes_anything_or_says_what_it_expects(name: str, value: object, more: list[object]) -> None:
    chosen = filters[name]
    try:
        chosen.apply(value, *more[: chosen.arguments])
    except ExpressionError as error:
        assert str(error)  # noqa: PT017 - either outcome is right


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_money_reads_back_as_the_same_amount(amount: Decimal) -> None:
    text = filters["money"].apply(f"{amount:.2f}")
    assert isinstance(text, str)
    assert Decimal(text.replace("R$ ", "").replace(".", "").replace(",", ".")) == amount
