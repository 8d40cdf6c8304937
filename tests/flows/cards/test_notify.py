import pytest
from pydantic import ValidationError

from domain.call import EmailAnswer, HttpAnswer
from tests.flows.fakes import FakeConversation, card

TELL = '{id: tell, card: notify, text: "{{ contact.name }} quer cancelar"}'
POST = TELL.replace("notify,", "notify, to: team,")
MAIL = TELL.replace("notify,", "notify, email: bosses,")


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


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (EmailAnswer(refused=1), {"outcome": "ok", "refused": 1}),
        (EmailAnswer(outcome="failed", error="email_refused", reason="550"), {"outcome": "failed", "reason": "550"}),
    ],
)
async def test_it_goes_by_email_and_the_flow_goes_on_whatever_comes_of_it(
    answer: EmailAnswer, told: dict[str, object]
) -> None:
    conversation = FakeConversation(erp={"bosses": answer})
    assert await card(MAIL).play(conversation) == "done"
    (effect,) = conversation.effects
    assert (effect.called, effect.key) == ("email.bosses", "c1:1")
    assert effect.call_arguments == {
        "event": "notification",
        "subject": "Cancelamento · 20261121-000001",
        "text": "ana souza quer cancelar",
        "card": "tell",
        "protocol": "20261121-000001",
        "account": "site",
        "contact": "ana souza",
    }
    (kept,) = conversation.data("email_sent")
    assert kept == {**kept, "email": "bosses", "event": "notification", **told}


async def test_an_email_has_the_subject_that_is_written() -> None:
    conversation = FakeConversation(erp={"bosses": EmailAnswer(), "team": HttpAnswer()})
    both = MAIL.replace("email:", "to: team, subject: 'Veja, {{ contact.name }}', email:")
    await card(both).play(conversation)
    assert [effect.called for effect in conversation.effects] == ["webhook.team", "email.bosses"]
    assert conversation.effects[1].subject == "Veja, ana souza"
    assert conversation.data("people_notified")[0]["email"] == "bosses"


def test_a_subject_without_an_email_is_a_mistake() -> None:
    with pytest.raises(ValidationError, match="'subject' is that of an e-mail"):
        card(TELL.replace("notify,", "notify, subject: Veja,"))
