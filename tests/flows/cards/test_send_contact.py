import pytest
from pydantic import ValidationError

from domain.contact_card import ContactCard
from domain.errors import FlowError
from domain.message import Content
from tests.flows.fakes import FakeConversation, card

DESK = """
id: desk
card: send_contact
name: Financeiro
phones: ["+55 49 3333-0000", "{{ second }}"]
email: financeiro@example.com
organisation: "{{ company.name }}"
"""


async def test_it_sends_the_card() -> None:
    conversation = FakeConversation(variables={"second": "+55 49 98888-0000"})
    assert await card(DESK).play(conversation) == "done"
    sent = ContactCard(
        name="Financeiro",
        phones=("+55 49 3333-0000", "+55 49 98888-0000"),
        email="financeiro@example.com",
        organisation="Conecta",
    )
    assert conversation.said == [Content(contact_card=sent)]


async def test_a_phone_that_turns_out_empty_is_left_out() -> None:
    conversation = FakeConversation(variables={"second": None})
    await card(DESK).play(conversation)
    (said,) = conversation.said
    assert said.contact_card is not None
    assert said.contact_card.phones == ("+55 49 3333-0000",)


@pytest.mark.parametrize(("name", "second"), [("Ana", ""), ("", "123")])
async def test_a_card_without_name_or_way_to_reach_them_is_an_error_of_the_flow(name: str, second: str) -> None:
    conversation = FakeConversation(variables={"who": name, "second": second})
    with pytest.raises(FlowError, match="needs a name, and a phone"):
        await card('{id: a, card: send_contact, name: "{{ who }}", phones: ["{{ second }}"]}').play(conversation)


def test_a_card_with_neither_phone_nor_email_cannot_be_written() -> None:
    with pytest.raises(ValidationError, match="found neither"):
        card("{id: a, card: send_contact, name: Ana}")
