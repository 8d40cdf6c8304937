"""A flow that goes on and on while the contact is silent is ended."""

from domain.limits import LIMITS
from tests.interpreter.world import World, flow

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


TOLD = """
  - {id: wait, card: delay, for: %s}
  - {id: say, card: send_message, text: "Ainda estamos aqui"}
  - {id: again, card: go_to, go: wait}
"""
POLLED = """
  - {id: wait, card: delay, for: 10m}
  - {id: look, card: set_variable, set: {name: "{{ name }}"}, next: wait}
"""


async def test_a_contact_who_says_nothing_is_not_told_for_ever() -> None:
    played = World({"main": flow(TOLD % "5s")}, [(0, "oi")])
    await played.play()

    assert len(played.said) == LIMITS.messages_unheard + 1
    assert played.state.resolution == "silence"


async def test_a_moment_that_has_passed_is_not_waited_for_for_ever() -> None:
    played = World({"main": flow(TOLD.replace("for: %s", "until: 2026-01-01T09:00"))}, [(0, "oi")])
    await played.play()

    assert len(played.said) == LIMITS.messages_unheard + 1
    assert played.state.resolution == "silence"


async def test_delays_that_nobody_interrupts_come_to_an_end_over_all_runs() -> None:
    played = World({"main": flow(POLLED)}, [(0, "oi")], turns_per_run=40)
    await played.play()

    assert played.state.resolution == "silence"
    assert played.rests > LIMITS.waits_unheard // 40 - 1
    assert played.kinds().count("delay_begun") == LIMITS.waits_unheard + 1


async def test_a_word_that_is_read_begins_the_count_of_messages_anew() -> None:
    told = TOLD.replace("for: %s", "for: 1h, interruptible: true, exits: {interrupted: hear}")
    hear = "  - {id: hear, card: await_interaction, timeout: 1m, next: wait, exits: {no_answer: end}}\n"
    played = World({"main": flow(told + hear)}, [(0, "oi"), (80.5 * 3_600, "estou"), (160.5 * 3_600, "ainda")])
    await played.play()

    assert len(played.said) > 2 * LIMITS.messages_unheard
    assert played.state.resolution == "silence"
