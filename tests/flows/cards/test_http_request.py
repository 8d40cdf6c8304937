import pytest

from domain.call import HttpAnswer
from domain.errors import ExpressionError
from tests.flows.fakes import FakeConversation, card

CALL = """
id: find
card: http_request
method: POST
url: "https://crm.example/places/{{ city }}"
query: {cep: "{{ cep }}", limit: 3}
headers: {X-Protocol: "{{ conversation.protocol }}"}
body: {names: ["{{ contact.name }}"]}
timeout: 5s
save_as: whole
set: {plans: "{{ answer.plans }}", code: "{{ status }}"}
exits: {not_found: a, rejected: b, failed: c}
"""
KNOWN = {"city": "1", "cep": "89801-000"}


def answering(answer: HttpAnswer) -> FakeConversation:
    return FakeConversation(variables=KNOWN, erp={"find": answer}, slow="2s")


async def test_it_asks_and_keeps_what_it_was_told_to_keep() -> None:
    conversation = answering(HttpAnswer(status=201, value={"plans": [1, 2]}))
    assert await card(CALL).play(conversation) == "done"
    (effect,) = conversation.effects
    assert effect.call_arguments == {
        "method": "POST",
        "url": "https://crm.example/places/1",
        "query": {"cep": "89801-000", "limit": 3},
        "body": {"names": ["ana souza"]},
    }
    assert (effect.headers, effect.key, effect.card) == ({"X-Protocol": "20261121-000001"}, "c1:1", "find")
    assert conversation.variables == {**KNOWN, "whole": {"plans": [1, 2]}, "plans": [1, 2], "code": 201}


async def test_what_a_contact_says_leads_nowhere_else_on_the_host() -> None:
    conversation = answering(HttpAnswer(status=200, value={"plans": []}))
    conversation.variables["city"] = "../admin?all=1#"
    await card(CALL).play(conversation)
    (effect,) = conversation.effects
    assert effect.call_arguments["url"] == "https://crm.example/places/..%2Fadmin%3Fall%3D1%23"


async def test_the_journal_names_the_host_and_not_what_stands_behind_it() -> None:
    conversation = answering(HttpAnswer(status=200, value={"plans": []}, attempts=2))
    await card(CALL).play(conversation)
    assert conversation.data("http_called") == [
        {
            "method": "POST",
            "host": "crm.example",
            "status": 200,
            "outcome": "ok",
            "attempts": 2,
            "seconds": 2.0,
        }
    ]


@pytest.mark.parametrize("outcome", ["not_found", "rejected", "failed"])
async def test_what_does_not_work_has_its_exit_and_sets_nothing(outcome: str) -> None:
    conversation = answering(HttpAnswer(outcome=outcome, status=404, error="http_unavailable", reason="no answer"))
    assert await card(CALL).play(conversation) == outcome
    assert conversation.variables == KNOWN
    assert ("error" in conversation.data("http_called")[0]) == (outcome == "failed")


async def test_an_answer_of_another_shape_is_a_mistake_that_names_what_is_missing() -> None:
    with pytest.raises(ExpressionError, match="plans"):
        await card(CALL.replace("answer.plans", "answer.plans | first")).play(answering(HttpAnswer(value="oi")))


def test_its_templates_know_the_answer_where_there_is_one() -> None:
    call = card(CALL)
    assert call.names_inside()["set.plans"] == ("answer", "status")
    assert "query.cep" not in call.names_inside()
    assert [way.name for way in call.ways_out()] == ["done", "not_found", "rejected", "failed"]
