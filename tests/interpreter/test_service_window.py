"""Whether free text may be said, as flows ask it: `conversation.window_open`."""

from datetime import timedelta

import pytest

from domain.message import Inbound, Outreach
from tests.interpreter.world import START, World, flow, told

LATER = """
  - {id: expect, card: expect_event, event: payment, save_url_as: name}
  - {id: wait, card: wait_event, event: payment, timeout: %s, exits: {timeout: look, received: rest}}
  - {id: rest, card: delay, for: 20h}
  - {id: look, card: condition, when: [{if: conversation.window_open, go: free}], otherwise: late}
  - {id: free, card: send_message, text: livre, next: end}
  - {id: late, card: send_message, text: modelo, next: end}
"""
HEARD = """
  - {id: wait, card: await_interaction, timeout: 2d, exits: {no_answer: end}}
  - {id: rest, card: delay, for: 23h}
  - {id: look, card: condition, when: [{if: conversation.window_open, go: free}], otherwise: late}
  - {id: free, card: send_message, text: livre, next: end}
  - {id: late, card: send_message, text: modelo, next: end}
"""
HOUR = 3_600


@pytest.mark.parametrize(("waits", "said"), [("23h", "livre"), ("24h", "modelo"), ("3d", "modelo")])
@pytest.mark.parametrize("turns_per_run", [1_000, 1])
async def test_it_is_open_for_a_day_after_the_contact_has_said_something(
    waits: str, said: str, turns_per_run: int
) -> None:
    played = World({"main": flow(LATER % waits)}, [(0, "oi")], turns_per_run=turns_per_run)
    await played.play()
    assert played.said == [said]


async def test_a_word_of_the_contact_opens_it_again() -> None:
    played = World({"main": flow(HEARD)}, [(0, "oi"), (20 * HOUR, "voltei")])
    await played.play()
    assert played.said == ["livre"]


async def test_an_event_of_another_system_does_not_open_it() -> None:
    paid = told("e1:4").model_copy(update={"at": START + timedelta(hours=20)})
    played = World({"main": flow(LATER % "2d")}, [(0, "oi"), (20 * HOUR, paid)])
    await played.play()
    assert "event_missed" not in played.kinds()
    assert played.said == ["modelo"]


async def test_it_is_closed_where_the_company_speaks_first() -> None:
    opened = Inbound(message_id="o1", at=START, outreach=Outreach(flow="main", by="ana"))
    played = World({"main": flow(LATER % "1h")}, [(0, opened)])
    await played.play()
    assert played.said == ["modelo"]
