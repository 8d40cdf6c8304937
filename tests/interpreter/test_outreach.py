"""Conversations that the company opens."""

import pytest

from domain.message import Content, Inbound, Outreach
from tests.interpreter.world import START, World, flow

WELCOME = "  - {id: hello, card: send_message, text: Olá}\n  - {id: bye, card: close}\n"
REPLY = """
spec: 1
flow: reply
variables:
  plan: {type: text, input: true}
cards:
  - {id: wait, card: await_interaction, timeout: 1h, exits: {no_answer: quiet}}
  - {id: glad, card: send_message, text: "Que bom! {{ plan }}, então."}
  - {id: done, card: close, resolution: done}
  - {id: quiet, card: close, resolution: quiet}
"""
FLOWS = {"main": flow(WELCOME), "reply": REPLY}


def outreach(**changes: object) -> Inbound:
    outreach = Outreach(flow="reply", inputs={"plan": "600"}, message=Content(text="Ainda quer?"), by="ana")
    return Inbound(message_id="o1", at=START, outreach=outreach.model_copy(update=changes))


async def test_it_says_what_it_was_given_plays_the_flow_and_waits_for_an_answer() -> None:
    world = World(FLOWS, [(0, outreach()), (10, "quero")])
    assert await world.play() is None
    assert world.said == ["Ainda quer?", "Que bom! 600, então."]
    assert world.kinds()[:4] == ["conversation_opened", "conversation_initiated", "flow_entered", "message_sent"]
    opening = world.delivered[0].opening
    assert opening is not None
    assert (opening.message_id, opening.flow) == ("o1", "reply")
    assert world.state.resolution == "done"


async def test_silence_is_the_flow_s_to_deal_with() -> None:
    world = World(FLOWS, [(0, outreach())])
    await world.play()
    assert world.said == ["Ainda quer?"]
    assert world.state.resolution == "quiet"


async def test_without_a_message_the_flow_speaks_by_itself() -> None:
    world = World(FLOWS, [(0, outreach(flow="main", inputs={}, message=None))])
    await world.play()
    assert world.said == ["Olá"]


@pytest.mark.parametrize("wrong", [{"flow": "gone"}, {"inputs": {"price": 9}}])
async def test_one_whose_flow_cannot_be_played_says_nothing(wrong: dict[str, object]) -> None:
    world = World(FLOWS, [(0, outreach(**wrong))])
    await world.play()
    assert world.said == []
    assert world.state.resolution == "error"


async def test_one_that_comes_while_a_conversation_is_open_begins_after_its_end() -> None:
    ask = "  - {id: ask, card: ask_question, text: Nome?, answer: text, save_as: name, exits: {no_answer: end}}\n"
    flows = {**FLOWS, "main": flow(ask + "  - {id: bye, card: close}\n")}
    world = World(flows, [(0, "oi"), (5, outreach()), (9, "Ana")])
    following = await world.play()
    assert following is not None
    assert following.message_id == "o1"
    assert world.said == ["Nome?"]
    assert world.state.resolution == "resolved"


@pytest.mark.parametrize("first", ["oi", "obrigado"])
async def test_one_that_comes_after_the_end_begins_a_conversation_of_its_own(first: str) -> None:
    world = World(FLOWS, [(0, first), (5, outreach())])
    following = await world.play()
    assert following is not None
    assert following.message_id == "o1"


ON = """
spec: 1
flow: on
cards:
  - {id: rest, card: delay, for: 1h}
  - {id: next, card: open_conversation, account: phone, address: b, flow: on, exits: {already_open: end, failed: end}}
"""


@pytest.mark.parametrize(("told", "unheard"), [(outreach(flow="on", inputs={}, message=None, unheard=4), 5), ("oi", 0)])
async def test_what_it_opens_knows_how_many_went_before_without_a_word(told: Inbound | str, unheard: int) -> None:
    world = World({**FLOWS, "main": ON.replace("flow: on\n", "flow: main\n", 1), "on": ON}, [(0, told)])
    await world.play()
    assert [one.outreach.unheard for one in world.opened] == [unheard]
