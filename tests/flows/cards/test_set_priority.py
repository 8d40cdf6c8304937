import pytest
from pydantic import ValidationError

from domain.errors import FlowError
from tests.flows.fakes import FakeConversation, card

URGENT = "{id: hurry, card: set_priority, priority: urgent}"
BY_PLAN = "{id: hurry, card: set_priority, priority: \"{{ 'High ' if plan == 'gold' else plan }}\"}"


async def test_it_is_written_down_once_and_known_to_expressions() -> None:
    conversation = FakeConversation()
    assert conversation.evaluate("conversation.priority") == "normal"
    for _ in range(2):
        assert await card(URGENT).play(conversation) == "done"
    assert conversation.events == [("priority_set", {"priority": "urgent"})]
    assert conversation.evaluate("conversation.priority == 'urgent'") is True


async def test_an_expression_may_give_it() -> None:
    conversation = FakeConversation(variables={"plan": "gold"})
    await card(BY_PLAN).play(conversation)
    assert conversation.priority == "high"


async def test_what_turns_out_to_be_no_priority_is_refused() -> None:
    conversation = FakeConversation(variables={"plan": "silver"})
    with pytest.raises(FlowError, match="expected one of low, normal, high, urgent, found a text like 'aaaaaa'"):
        await card(BY_PLAN).play(conversation)
    assert conversation.events == []


def test_a_word_that_is_no_priority_is_refused_when_it_is_read() -> None:
    with pytest.raises(ValidationError, match=r"'urgente' is no priority.*'urgent'"):
        card("{id: hurry, card: set_priority, priority: urgente}")
