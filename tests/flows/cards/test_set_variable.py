import pytest
from pydantic import ValidationError

from tests.flows.fakes import FakeConversation, card

SET = """
id: set
card: set_variable
set:
  chosen: "{{ invoices | first }}"
  label: "{{ chosen.number }}: {{ chosen.amount | money }}"
  fixed: {list: [1, "{{ chosen.number }}"], flag: true}
"""


async def test_values_keep_their_types_and_see_the_ones_before() -> None:
    conversation = FakeConversation(variables={"invoices": [{"number": "7841", "amount": "89.90"}]})
    assert await card(SET).play(conversation) == "done"
    assert conversation.variables["chosen"] == {"number": "7841", "amount": "89.90"}
    assert conversation.variables["label"] == "7841: R$ 89,90"
    assert conversation.variables["fixed"] == {"list": [1, "7841"], "flag": True}


async def test_every_variable_set_is_recorded() -> None:
    conversation = FakeConversation()
    await card('{id: a, card: set_variable, set: {b: "x", c: null}}').play(conversation)
    assert conversation.data("variable_set") == [{"variable": "b", "value": "x"}, {"variable": "c", "value": None}]


def test_it_says_what_it_sets() -> None:
    assert card(SET).sets() == {"set.chosen": "chosen", "set.label": "label", "set.fixed": "fixed"}
    assert set(card(SET).values()) == {"set.chosen", "set.label", "set.fixed"}


@pytest.mark.parametrize("yaml", ["{id: a, card: set_variable, set: {}}", "{id: a, card: set_variable, set: {A: 1}}"])
def test_nothing_to_set_or_a_name_that_is_none_is_refused(yaml: str) -> None:
    with pytest.raises(ValidationError):
        card(yaml)
