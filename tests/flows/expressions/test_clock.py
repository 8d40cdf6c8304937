import pytest
from pydantic import JsonValue

from domain.errors import ExpressionError
from flows.expressions.clock import expression_reads_clock, reads_clock


@pytest.mark.parametrize(
    "template",
    [
        "São {{ now | date }}.",
        "{{ 'a' if now else 'b' }}",
        "{{ conversation.opened_at | date }}",
        "{{ conversation['window_open'] }}",
        "{{ conversation[part] }}",
        "{{ conversation }}",
    ],
)
def test_a_template_reads_the_clock(template: str) -> None:
    assert reads_clock(template)


@pytest.mark.parametrize(
    "template",
    [
        "",
        "Do you know now?",
        "{{ known | title }}",
        "{{ 'now' }}",
        "{{ contact.now }}",
        "{{ conversation.protocol }}",
        "{{ conversation['tags'] }}",
        "{{ invoice.opened_at }}",
    ],
)
def test_a_template_that_only_contains_such_a_word_does_not(template: str) -> None:
    assert not reads_clock(template)


def test_a_bare_expression_reads_the_clock_as_a_template_does() -> None:
    assert expression_reads_clock("now > due")
    assert not expression_reads_clock("snow > due")


@pytest.mark.parametrize(
    ("value", "reads"), [({"a": ["x", "{{ now }}"]}, True), ({"now": 1, "b": [True, None]}, False)]
)
def test_values_are_looked_through_at_every_depth(value: JsonValue, reads: bool) -> None:  # noqa: FBT001
    assert reads_clock(value) == reads


def test_a_value_nested_too_deep_is_left_to_fill_to_refuse() -> None:
    deep: JsonValue = "{{ now }}"
    for _ in range(5_000):
        deep = [deep]
    assert not reads_clock(deep)


def test_a_mistake_is_named_with_its_place() -> None:
    with pytest.raises(ExpressionError, match="column 6"):
        reads_clock("{{ a b }}")
