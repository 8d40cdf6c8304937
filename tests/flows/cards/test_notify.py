import pytest

from domain.call import HttpAnswer
from tests.flows.fakes import FakeConversation, card

TELL = '{id: tell, card: notify, text: "{{ contact.name }} quer cancelar"}'
POST = TELL.replace("notify,", "notify, to: team,")


async def test_it_stands_in_the_conversation_and_the_contact_reads_nothing() -> None:
    conversation = FakeConversation()
    assert await card(TELL).play(conversation) == "done"
    assert conversation.events == [("people_notified", {"text": "ana souza quer cancelar", "to": None})]
    assert conversation.heard == []


@pytest.mark.parametrize("outcome", ["ok", "failed"])
async def test_it_is_posted_and_the_flow_goes_on_whatever_comes_of_it(outcome: str) -> None:
    conversation = FakeConversation(erp={"team": HttpAnswer(outcome=outcome)})
    assert await card(POST).play(conversation) == "done"
    (effect,) = conversation.effects
    assert (effect.called, effect.event) == ("webhook.team", "notification")
    assert effect.data == {
        "text": "ana souza quer cancelar",
        "card": "tell",
        "protocol": "20261121-000001",
        "account": "site",
        "contact": "ana souza",
    }
    assert [data["outcome"] for data in conversation.data("webhook_posted")] == [outcome]


async def test_nothing_is_told_when_there_is_nothing_to_tell() -> None:
    conversation = FakeConversation()
    await card("{id: tell, card: notify, text: \"{{ '' }}\", to: team}").play(conversation)
    assert conversation.events == []
