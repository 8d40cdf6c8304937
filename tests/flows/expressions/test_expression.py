from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from domain.errors import ExpressionError
from domain.limits import LIMITS
from flows.expressions.expression import address, evaluate, fill, names_used, render, template_names

NAMES: dict[str, Any] = {
    "contact": {"name": "MARIA DA SILVA", "address": "5511987654321"},
    "invoice": {"number": "1001", "amount": "89.90", "due": "2026-12-10", "paid": False, "note": None},
    "invoices": [{"number": "1001"}, {"number": "1002"}],
    "empty": [],
    "unset": None,
    "yes": True,
    "count": 3,
    "big": "x" * 10_000,
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("", ""),
        ("Olá!", "Olá!"),
        ("Olá, {{ contact.name | first_name }}!", "Olá, Maria!"),
        ("{{ invoice.amount | money }} até {{ invoice.due | date }}", "R$ 89,90 até 10/12/2026"),
        ("{{ invoices[1].number }}", "1002"),
        ("{{ invoices[-1].number }}", "1002"),
        ("{{ invoices[9].number }}", ""),
        ("{{ invoice['number'] }}", "1001"),
        ("{{ invoice.nothing }}", ""),
        ("{{ invoice.nothing.deeper }}", ""),
        ("{{ unset }}", ""),
        ("{{ unset.part }}", ""),
        ("{{ yes }} {{ invoice.paid }}", "sim não"),
        ("{{ count }} {{ 1.5 }} {{ -2 }}", "3 1.5 -2"),
        ("{{ 'a' ~ count ~ 'b' }}", "a3b"),
        ("{{ 'pago' if invoice.paid else 'em aberto' }}", "em aberto"),
        ("[{{ 'pago' if invoice.paid }}]", "[]"),
        ("{{ unset or 'ninguém' }}", "ninguém"),
        ("{{ unset | default('ninguém') }}", "ninguém"),
        ("{{ [1, 'b', unset] | join('-') }}", "1-b-"),
        ("{{ ['a', 'b'] }}", "a, b"),
        ("a\n\n{{ count }}\n", "a\n\n3\n"),
        ("100% { } } }} #", "100% { } } }} #"),
        ("{{ '{{' }}", "{{"),
        ("{{- count -}} !", "3!"),
    ],
)
def test_a_template_becomes_text(template: str, text: str) -> None:
    assert render(template, NAMES) == text


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("count", 3),
        ("invoices | length > 1", True),
        ("invoices | length == 2", True),
        ("empty | length == 0 and not yes", False),
        ("invoice", NAMES["invoice"]),
        ("invoice.amount > 80", True),
        ("invoice.amount < '100.00'", True),
        ("invoice.amount == 89.9", True),
        ("invoice.number == '1001'", True),
        ("invoice.number == '01001'", False),
        ("invoice.due < '2027-01-01'", True),
        ("1 < count <= 3", True),
        ("yes == 1", False),
        ("yes == true", True),
        ("unset == none", True),
        ("unset is none", True),
        ("invoice.note is not none", False),
        ("unset is defined", True),
        ("nothing is defined", False),
        ("invoice.nothing is defined", False),
        ("invoice.note is defined", True),
        ("count in [1, 2, 3]", True),
        ("count not in [1, 2, 3]", False),
        ("'SILVA' in contact.name", True),
        ("'amount' in invoice", True),
        ("1 in unset", False),
        ("unset or count", 3),
        ("[count, yes]", [3, True]),
        ("(invoices | first).number", "1001"),
    ],
)
def test_an_expression_has_a_value(expression: str, value: JsonValue) -> None:
    assert evaluate(expression, NAMES) == value


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{{ 'a'*9**9 }}", "column 4: arithmetic is not allowed; allowed are names"),
        ("{{ 1 + 1 }}", "arithmetic"),
        ("{{ 9 ** 99999999 }}", "arithmetic"),
        ("{{ count % 2 }}", "arithmetic"),
        ("{{ ''.__class__ }}", "column 6: '__class__' is not allowed"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "not allowed"),
        ("{{ contact['__class__'] }}", None),
        ("{{ _private }}", "'_private' is not allowed"),
        ("{{ range(9999999) }}", "column 9: a call is not allowed"),
        ("{{ contact.name.upper() }}", "a call is not allowed"),
        ("{{ cycler.__init__.__globals__ }}", "not allowed"),
        ("{{ [x for x in invoices] }}", "expected token"),
        ("{% for x in invoices %}{% endfor %}", "column 1: {% %} is not allowed"),
        ("oi {% raw %}{{ x }}{% endraw %}", "column 4: {% raw %} is not allowed"),
        ("{# comment #}", "column 1: {# #} is not allowed"),
        ("{% macro a() %}{% endmacro %}", "{% %} is not allowed"),
        ("{% include '/etc/passwd' %}", "{% %} is not allowed"),
        ("{{ {'a': 1} }}", "a dictionary is not allowed"),
        ("{{ 1, 2 }}", "a comma outside of a list"),
        ("{{ contact.name[1:2] }}", "a slice is not allowed"),
        ("{{ invoices | map('x') }}", "unknown filter 'map'"),
        ("{{ invoice.amount | mony }}", "column 21: unknown filter 'mony', did you mean 'money'?"),
        ("{{ count | attr('__class__') }}", "unknown filter 'attr'"),
        ("{{ count | default(1, 2) }}", "takes at most 1"),
        ("{{ count | default(instead=1) }}", "without names"),
        ("{{ count is divisibleby(3) }}", "this test is not allowed"),
        ("{{ count is odd }}", "this test is not allowed"),
        ("{{ count", "unexpected end"),
        ("{{ count }", "unexpected"),
        ("linha 1\nlinha 2 {{ a b }}", "line 2, column 14: expected token"),
        ("{{ }}", "Expected an expression"),
        ("{{ count! }}", "column 9: unexpected char '!'"),
        ("{{ 'open }}", "unexpected char"),
        ("{{ cont }}", "column 4: unknown name 'cont', did you mean 'count'?"),
        ("{{ invoice }}", "column 4: a record cannot be written as text: name one of its parts (number, amount"),
        ("{{ count.part }}", "a number has no part 'part'"),
        ("{{ contact.name.upper }}", "a text has no part 'upper'"),
        ("Olá!\nSão {{ contact.name | money }}", "line 2, column 23: 'money' expects a number"),
        ("{{ 1 if count else cont }}{{ cont }}", "column 30: unknown name 'cont'"),
        ("{{ invoices.number }}", "a list has no part 'number'"),
        ("{{ count > 'a' }}", "cannot be compared"),
        ("{{ unset > 1 }}", "cannot be compared"),
        ("{{ 1 in count }}", "'in' expects"),
        ("oi    {{- a b }}", "column 13: expected token"),
        ("{{" + "(" * 41 + "1" + ")" * 41 + "}}", "column 43: nested deeper than 40 levels"),
    ],
)
def test_what_is_not_allowed_is_named_with_its_place(template: str, sentence: str | None) -> None:
    if sentence is None:
        assert render(template, NAMES) == ""  # only a record's part, and it has none of that name
        return
    with pytest.raises(ExpressionError) as caught:
        render(template, NAMES)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    "template",
    [
        "{{" + "(" * 500 + "1" + ")" * 500 + "}}",
        "{{" + "[" * 500 + "]" * 500 + "}}",
        "{{" + "not " * 1_000 + "1 }}",
        "{{ count" + "|string" * 500 + "}}",
        "{{ count" + "|upper" * 600 + "}}",
        "{{ contact" + ".a" * 1_500 + "}}",
        "{{ 1" + " if 1 else 1" * 300 + "}}",
        "{{ " + "-" * 3_000 + "1 }}",
        "{{ " + " and ".join(["1"] * 500) + "}}",
        "{{ '" + "a" * 5_000 + "' }}",
        "{{ " + "9" * 4_090 + " }}",
        "a" * (LIMITS.template_source + 1),
        "é" * (LIMITS.template_source // 2 + 1),
        "{{ big ~ big }}",
        "{{ big }}{{ big }}",
        "{{ [big, big, big] | join(big) }}",
        "{{ [big, big] }}",
        "{{ 'a' | default(1)" + "\x00" + "}}",
    ],
)
def test_hostile_templates_end_in_an_error_and_not_in_a_heap_of_memory(template: str) -> None:
    with pytest.raises(ExpressionError):
        render(template, NAMES)


def test_an_expression_longer_than_the_limit_is_refused() -> None:
    with pytest.raises(ExpressionError, match="1024 at most"):
        evaluate("'" + "a" * LIMITS.expression_source + "'", NAMES)


def test_a_value_larger_than_a_variable_is_refused() -> None:
    names = {"part": "x" * 10_000}
    with pytest.raises(ExpressionError, match="larger than"):
        evaluate("[" + ",".join(["part"] * 30) + "]", names)


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ("{{ invoices }}", NAMES["invoices"]),
        ("{{ count }}", 3),
        (" {{ count }}", " 3"),
        ("{{ count }}{{ count }}", "33"),
        ("text", "text"),
        ({"a": ["{{ count }}", {"b": "n{{ count }}"}], "{{ count }}": 1}, {"a": [3, {"b": "n3"}], "{{ count }}": 1}),
        (None, None),
        (1.5, 1.5),
        (True, True),
    ],
)
def test_filling_keeps_the_type_of_a_single_expression(value: JsonValue, filled: JsonValue) -> None:
    assert fill(value, NAMES) == filled


@pytest.mark.parametrize(
    ("template", "said", "written"),
    [
        ("https://a.example/c/{{ said }}/i", "529", "https://a.example/c/529/i"),
        ("https://a.example/c/{{ said }}/i", "../admin#", "https://a.example/c/..%2Fadmin%23/i"),
        ("https://a.example/c/{{ said }}/i", "1?all=1&x=", "https://a.example/c/1%3Fall%3D1%26x%3D/i"),
        ("https://a.example/c/{{ said }}", "%2e%2e/São", "https://a.example/c/%252e%252e%2FS%C3%A3o"),
        ("https://a.example/c/{{ said }}", "@b.example:1", "https://a.example/c/%40b.example%3A1"),
        ("https://a.example{{ said }}/c", "@b.example", "https://a.example%40b.example/c"),
        ("https://a.example/?q={{ said }}", "1&q=2", "https://a.example/?q=1%26q%3D2"),
        (" {{ said }} ", "https://a.example/b?c=1", "https://a.example/b?c=1"),
    ],
)
def test_in_an_address_a_text_is_one_step_or_value(template: str, said: str, written: str) -> None:
    assert address(template, {"said": said}) == written


@pytest.mark.parametrize("said", [".", ".."])
@pytest.mark.parametrize("template", ["https://a.example/{{ said }}/i", "{{ base }}/{{ said }}?b={{ base }}"])
def test_no_text_leads_up_in_an_address(template: str, said: str) -> None:
    with pytest.raises(ExpressionError, match="leads elsewhere"):
        address(template, {"said": said, "base": "https://a.example"})


def test_filling_what_is_nested_too_deep_is_refused() -> None:
    value: JsonValue = "x"
    for _ in range(60):
        value = [value]
    with pytest.raises(ExpressionError, match="nested deeper"):
        fill(value, NAMES)


def test_the_names_that_are_read_are_known() -> None:
    assert names_used("{{ a.b | default(c) }} {{ d if e else f[g] }} {{ 'h' }}") == {"a", "c", "d", "e", "f", "g"}
    assert names_used("a.b == c", bare=True) == {"a", "c"}
    assert names_used("a", bare=True) == {"a"}
    assert names_used("a == c") == set()
    assert template_names({"x": ["{{ a }}", 1, {"y": "{{ b }}"}]}) == {"a", "b"}


def test_a_text_of_the_contact_is_shown_as_it_is() -> None:
    assert render("{{ said }}", {"said": "{{ secret }} {% x %}"}) == "{{ secret }} {% x %}"


@given(st.text(alphabet="{}%#|.[]()'\"~ab1_*+-\n\\,= <>!", max_size=60))
def test_any_template_renders_or_raises_an_expression_error(template: str) -> None:
    try:
        assert isinstance(render(template, {"a": 1, "b": {"a": [1]}}), str)
    except ExpressionError as error:
        assert str(error)  # noqa: PT017 - either outcome is right


@given(st.text(max_size=40).filter(lambda text: "{" not in text))
def test_a_text_without_braces_is_left_alone(text: str) -> None:
    assert render(text, {}) == text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(json_values)
def test_a_value_goes_through_an_expression_unchanged(value: JsonValue) -> None:
    assert evaluate("a", {"a": value}) == value


@given(json_values, json_values)
def test_comparing_is_total_and_equality_symmetric(one: JsonValue, other: JsonValue) -> None:
    names = {"a": one, "b": other}
    assert evaluate("a == b", names) == evaluate("b == a", names)
    assert evaluate("a == a", names) is True
    try:
        assert evaluate("a < b", names) == evaluate("b > a", names)
    except ExpressionError as error:
        assert "cannot be compared" in str(error)  # noqa: PT017 - either outcome is right


def test_errors_of_bare_expressions_and_of_what_is_filled_have_their_place_too() -> None:
    with pytest.raises(ExpressionError, match=r"^column 11: unknown name 'cont'"):
        evaluate("count and cont", NAMES)
    with pytest.raises(ExpressionError, match=r"^column 19: 'date' expects a date"):
        fill({"a": ["{{ contact.name | date }}"]}, NAMES)


@pytest.mark.parametrize(
    "source",
    [
        " or ".join(["7 in wide"] * 30),
        " or ".join(["'x' in wide"] * 30),
        " or ".join(["(wide | length) == 1"] * 30),
        " or ".join(["(nested | length) == 2"] * 30),
        " and ".join(["wide == wide"] * 30),
    ],
)
def test_an_expression_that_goes_through_a_long_list_many_times_is_refused(source: str) -> None:
    wide = [str(number) for number in range(20_000, 40_000)]
    with pytest.raises(ExpressionError, match="more than 200000 elements"):
        evaluate(source, {"wide": wide, "nested": [wide]})


def test_to_look_once_through_the_longest_list_is_allowed() -> None:
    wide = list(range(LIMITS.variable // 2))
    assert evaluate("'x' in wide", {"wide": wide}) is False
