import pytest
from pydantic import JsonValue, ValidationError

from domain.errors import ExpressionError
from tests.flows.fakes import FakeConversation, card

HOW_MANY = """
id: how_many
card: condition
when:
  - {if: "invoices | length == 0", go: nothing}
  - {if: "invoices | length == 1", go: take}
otherwise: choose
"""


@pytest.mark.parametrize(
    ("invoices", "exit_name"),
    [([], "when_1"), (None, "when_1"), ([1], "when_2"), ([1, 2], "otherwise")],
)
async def test_the_first_case_that_holds_is_taken(invoices: JsonValue, exit_name: str) -> None:
    assert await card(HOW_MANY).play(FakeConversation(variables={"invoices": invoices})) == exit_name


async def test_cases_after_the_first_that_holds_are_not_looked_at() -> None:
    both = "{id: a, card: condition, when: [{if: 'true', go: x}, {if: 'unknown', go: y}]}"
    assert await card(both).play(FakeConversation()) == "when_1"


async def test_an_unknown_name_is_an_error_of_the_flow() -> None:
    with pytest.raises(ExpressionError, match="unknown name 'invoices'"):
        await card(HOW_MANY).play(FakeConversation())


def test_every_case_is_an_exit_with_its_target() -> None:
    ways = card(HOW_MANY).ways_out()
    assert [(way.name, way.target) for way in ways] == [
        ("when_1", "nothing"),
        ("when_2", "take"),
        ("otherwise", "choose"),
    ]


def test_without_otherwise_it_falls_through() -> None:
    otherwise = card(HOW_MANY.replace("otherwise: choose", "")).ways_out()[-1]
    assert otherwise.target is None
    assert otherwise.falls_through


def test_a_condition_without_cases_is_refused() -> None:
    with pytest.raises(ValidationError, match="at least 1 item"):
        card("{id: a, card: condition, when: []}")
