import pytest

from domain.call import HttpAnswer
from tests.flows.fakes import FakeConversation, card

TELL = '{id: tell, card: webhook, to: crm, event: paid, data: {who: "{{ contact.name }}", all: "{{ invoices }}"}}'


@pytest.mark.parametrize(("outcome", "exit_name"), [("ok", "done"), ("rejected", "failed"), ("failed", "failed")])
async def test_it_tells_the_receiver_and_goes_on(outcome: str, exit_name: str) -> None:
    answer = HttpAnswer(outcome=outcome, reason="why")
    conversation = FakeConversation(variables={"invoices": [1]}, erp={"crm": answer})
    assert await card(TELL).play(conversation) == exit_name
    (effect,) = conversation.effects
    assert effect.call_arguments == {"event": "paid", "who": "ana souza", "all": [1]}
    assert effect.key == "c1:1"
    assert [data["outcome"] for data in conversation.data("webhook_posted")] == [outcome]


def test_a_flow_goes_on_when_nobody_says_where_to_go_instead() -> None:
    assert [(way.name, way.falls_through) for way in card(TELL).ways_out()] == [("done", True), ("failed", True)]
