import pytest
from pydantic import JsonValue

from domain.call import CallAnswer, StartConversation
from domain.keys import message_id
from domain.limits import LIMITS
from domain.message import Content, Outreach
from domain.template import MessageTemplate
from tests.flows.fakes import FakeConversation, card

VISIT = MessageTemplate(name="visit", language="pt_BR", category="utility", text="A visita é {{ day }}.")
CARD = """
id: tell
card: open_conversation
account: phone
address: " {{ owner.phone }} "
name: "{{ owner.name }}"
template: visit
parameters: {day: "{{ day }}"}
flow: visit_reply
inputs: {visit: "{{ visit }}"}
exits: {already_open: end, failed: end}
"""


def conversation(answer: CallAnswer, phone: str = "5549988887777") -> FakeConversation:
    variables: dict[str, JsonValue] = {
        "owner": {"phone": phone, "name": "Bia"},
        "day": "amanhã",
        "visit": {"id": 7},
    }
    fake = FakeConversation(variables=variables, erp={"tell": answer})
    fake.templates = {"visit": VISIT}
    return fake


async def test_it_asks_for_a_conversation_that_begins_with_the_template_and_plays_the_flow() -> None:
    fake = conversation(CallAnswer(value="opened"))
    assert await card(CARD).play(fake) == "opened"
    text, sending = VISIT.filled({"day": "amanhã"})
    (asked,) = fake.effects
    assert isinstance(asked, StartConversation)
    assert (asked.account, asked.address, asked.name) == ("phone", "5549988887777", "Bia")
    assert asked.outreach == Outreach(
        flow="visit_reply", inputs={"visit": {"id": 7}}, message=Content(text=text, template=sending), by=fake.key
    )
    (made,) = fake.data("outreach_made")
    assert (made["outcome"], made["conversation"]) == ("opened", message_id("phone", "outreach", fake.key))
    assert fake.said == []


@pytest.mark.parametrize(
    ("answer", "way"),
    [(CallAnswer(value="already_open"), "already_open"), (CallAnswer(outcome="failed", error="settings"), "failed")],
)
async def test_one_that_is_not_opened_takes_its_exit_and_is_written_down(answer: CallAnswer, way: str) -> None:
    fake = conversation(answer)
    assert await card(CARD).play(fake) == way
    (made,) = fake.data("outreach_made")
    assert made["outcome"] == way
    assert "conversation" not in made


async def test_nobody_is_addressed_when_the_address_turns_out_empty() -> None:
    fake = conversation(CallAnswer(value="opened"), phone=" ")
    assert await card(CARD).play(fake) == "failed"
    assert fake.effects == []


async def test_without_a_template_the_flow_speaks_by_itself() -> None:
    fake = conversation(CallAnswer(value="opened"))
    await card("{id: tell, card: open_conversation, account: phone, address: a, flow: b}").play(fake)
    assert fake.effects[0].outreach.message is None


async def test_conversations_do_not_open_one_another_without_end() -> None:
    fake = conversation(CallAnswer(value="opened"))
    fake.openings_unheard = LIMITS.openings_unheard
    assert await card(CARD).play(fake) == "opened"
    (asked,) = fake.effects
    assert isinstance(asked, StartConversation)
    assert asked.outreach.unheard == LIMITS.openings_unheard
    fake.openings_unheard += 1
    assert await card(CARD).play(fake) == "failed"
    reason = fake.data("outreach_made")[-1]["reason"]
    assert reason == "11 conversations have opened one another, and nobody has said a word"
    assert len(fake.effects) == 1
