"""A flow that goes on and on while the contact is silent is ended."""

from domain.limits import LIMITS
from tests.workflows.world import World, flow

ROUND = """
  - {id: ask, card: ask_question, text: "Você está aí?", answer: text, save_as: name, timeout: 1h,
     exits: {answered: ask, invalid: end, no_answer: again}}
  - {id: again, card: go_to, go: ask}
"""


async def test_a_contact_who_says_nothing_is_not_asked_for_ever() -> None:
    played = World({"main": flow(ROUND)}, [(0, "oi")])
    await played.play()

    assert played.said == ["Você está aí?"] * (LIMITS.silences + 1)
    assert played.state.resolution == "silence"


async def test_a_word_of_the_contact_begins_the_count_anew() -> None:
    hours = LIMITS.silences * 3_600 - 1_800
    played = World({"main": flow(ROUND)}, [(0, "oi"), (hours, "estou"), (2 * hours, "ainda")])
    await played.play()

    assert len(played.said) > 2 * LIMITS.silences
    assert played.state.resolution == "silence"
