import pytest
from pydantic import JsonValue

from domain.errors import FlowError
from domain.message import Content
from domain.template import MessageTemplate, Sending
from tests.flows.fakes import FakeConversation, card

FOLLOW_UP = MessageTemplate(
    name="proposal_v2", language="pt_BR", category="marketing", text="Oi, {{ name }}! Ainda quer o {{ plan }}?"
)
NUMBERED = MessageTemplate(name="due", language="pt_BR", category="utility", text="{{ 2 }} vence em {{1}}.")
CARD = """
id: again
card: send_template
template: follow_up
parameters: {name: "{{ contact.name | first_name }}", plan: "{{ plan }}"}
exits: {undelivered: end}
"""


def conversation(plan: JsonValue = "Fibra\n600") -> FakeConversation:
    fake = FakeConversation(variables={"plan": plan})
    fake.templates = {"follow_up": FOLLOW_UP, "due": NUMBERED}
    return fake


async def test_it_says_what_the_contact_reads_and_what_the_provider_needs() -> None:
    fake = conversation()
    assert await card(CARD).play(fake) == "sent"
    sending = Sending(
        name="proposal_v2", language="pt_BR", category="marketing", parameters={"name": "Ana", "plan": "Fibra 600"}
    )
    assert fake.said == [Content(text="Oi, Ana! Ainda quer o Fibra 600?", template=sending)]


async def test_places_with_numbers_take_a_list() -> None:
    fake = conversation()
    await card('{id: a, card: send_template, template: due, parameters: ["10/12", "{{ plan }}"]}').play(fake)
    (said,) = fake.said
    assert said.text == "Fibra 600 vence em 10/12."
    assert said.template is not None
    assert said.template.parameters == {"1": "10/12", "2": "Fibra 600"}


async def test_one_that_does_not_arrive_takes_its_exit_if_that_leads_somewhere() -> None:
    fake = conversation()
    fake.reachable = False
    assert await card(CARD).play(fake) == "undelivered"
    assert await card(CARD.replace("exits:", "# ")).play(fake) == "sent"


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ('{name: "Ana"}', "it needs the parameter 'plan'"),
        ('{name: "Ana", plan: "x", price: "9"}', "it has no parameter 'price': it has 'name', 'plan'"),
        ('{name: "Ana", plan: " "}', "parameter 'plan' is empty"),
    ],
)
async def test_parameters_that_do_not_fit_are_an_error_of_the_flow(parameters: str, sentence: str) -> None:
    fake = conversation()
    with pytest.raises(FlowError, match=sentence):
        await card(f"{{id: a, card: send_template, template: follow_up, parameters: {parameters}}}").play(fake)
    assert fake.said == []


def test_its_ways_out_are_those_that_lead_somewhere() -> None:
    assert [way.name for way in card(CARD).ways_out()] == ["sent", "undelivered"]
    assert [way.name for way in card(CARD.replace("exits:", "# ")).ways_out()] == ["sent"]
