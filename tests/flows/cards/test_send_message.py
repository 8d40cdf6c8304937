import pytest

from domain.errors import ExpressionError
from tests.flows.fakes import FakeConversation, card

WELCOME = """
id: welcome
card: send_message
text: |
  Olá, {{ contact.name | first_name }}!
  Protocolo {{ conversation.protocol }}
"""


async def test_it_says_its_text_and_goes_on() -> None:
    conversation = FakeConversation()
    assert await card(WELCOME).play(conversation) == "done"
    assert conversation.heard == ["Olá, Ana!\nProtocolo 20261121-000001"]
    assert conversation.events == []


async def test_a_text_may_differ_by_channel() -> None:
    conversation = FakeConversation()
    text = "{{ 'Toque' if conversation.channel == 'webchat' else 'Digite' }} na opção"
    await card(f'{{id: a, card: send_message, text: "{text}"}}').play(conversation)
    assert conversation.heard == ["Toque na opção"]


async def test_a_text_that_turns_out_empty_is_not_said() -> None:
    conversation = FakeConversation(variables={"note": None})
    assert await card('{id: a, card: send_message, text: " {{ note }} "}').play(conversation) == "done"
    assert conversation.said == []


async def test_what_a_contact_wrote_is_never_taken_for_a_template() -> None:
    conversation = FakeConversation(variables={"note": "{{ company.name }}"})
    await card('{id: a, card: send_message, text: "{{ note }}"}').play(conversation)
    assert conversation.heard == ["{{ company.name }}"]


async def test_an_unknown_name_is_an_error_of_the_flow() -> None:
    with pytest.raises(ExpressionError, match="unknown name 'nme'"):
        await card('{id: a, card: send_message, text: "{{ nme }}"}').play(FakeConversation())
