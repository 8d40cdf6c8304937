import pytest
from pydantic import JsonValue

from domain.call import CallErp, ErpAnswer
from domain.contact import Known
from domain.errors import FlowError
from tests.flows.fakes import FakeConversation, card

LINK = '{id: who, card: link_contact, connection: billing, phone: "{{ contact.address }}", save_as: customer}'
ANA: dict[str, JsonValue] = {"id": "C-1001", "name": "Ana Souza"}
BIA: dict[str, JsonValue] = {"id": "C-1002", "name": "Bia Souza"}


def finds(*customers: JsonValue) -> dict[str, ErpAnswer]:
    return {"list_customers": ErpAnswer(value=list(customers))}


async def test_the_one_customer_who_is_found_is_the_contact_from_now_on() -> None:
    conversation = FakeConversation(erp=finds(ANA))
    assert await card(LINK).play(conversation) == "linked"
    assert conversation.known == Known(links={"billing": "C-1001"})
    assert conversation.evaluate("contact.links.billing") == "C-1001"
    assert conversation.variables["customer"] == ANA
    assert conversation.data("contact_linked") == [{"connection": "billing", "customer": "C-1001", "by": "phone"}]
    assert [data["outcome"] for data in conversation.data("erp_called")] == ["ok"]


async def test_it_looks_by_what_is_known_the_surest_first() -> None:
    conversation = FakeConversation(erp=finds())
    conversation.known = Known(document="52998224725", email="ana@correio.example")
    assert await card(LINK).play(conversation) == "not_found"
    asked = [effect.arguments for effect in conversation.effects if isinstance(effect, CallErp)]
    assert asked == [{"document": "52998224725"}, {"phone": "5511987654321"}, {"email": "ana@correio.example"}]
    assert conversation.known.links == {}


async def test_nobody_is_asked_for_when_nothing_is_known() -> None:
    conversation = FakeConversation()
    assert await card("{id: who, card: link_contact, connection: billing}").play(conversation) == "not_found"
    assert conversation.effects == []


@pytest.mark.parametrize(
    ("answer", "exit_name"),
    [
        (ErpAnswer(value=[ANA, BIA]), "ambiguous"),
        (ErpAnswer(outcome="failed", error="erp_unavailable"), "failed"),
        (ErpAnswer(outcome="rejected"), "not_found"),
        (ErpAnswer(outcome="not_found"), "not_found"),
    ],
)
async def test_nobody_is_linked_when_it_is_not_sure(answer: ErpAnswer, exit_name: str) -> None:
    conversation = FakeConversation(erp={"list_customers": answer})
    assert await card(LINK).play(conversation) == exit_name
    assert not conversation.known


@pytest.mark.parametrize("nonsense", [{"id": "C-1001"}, [{"name": "Ana"}], ["C-1001"]])
async def test_an_answer_that_lists_no_customers_is_refused(nonsense: JsonValue) -> None:
    conversation = FakeConversation(erp={"list_customers": ErpAnswer(value=nonsense)})
    with pytest.raises(FlowError, match="expected 'list_customers' to answer a list of customers"):
        await card(LINK).play(conversation)
