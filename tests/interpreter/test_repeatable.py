"""A turn may be delivered before the history knows of it only if, played again, it would begin the same."""

from datetime import timedelta

import pytest

from domain.call import ErpAnswer
from domain.conversation import CloseRequest
from tests.interpreter.world import World, flow, ok

ASK = """
  - id: ask_name
    card: ask_question
    text: "Qual o seu nome?"
    answer: text
    save_as: name
    reminders: [{after: 5m, text: "Você ainda está aí?"}]
    timeout: 30m
    exits: {invalid: bye, no_answer: bye}
  - id: bye
    card: close
    resolution: resolved
"""

CALL = """
  - id: look_up
    card: erp_call
    connection: billing
    operation: find_customer
    arguments: {document: "1"}
    progress: {after: 4s, text: "Um instante..."}
    exits: {failed: bye, not_found: bye, rejected: bye}
  - id: bye
    card: close
    resolution: resolved
"""


def _repeatable(world: World) -> list[tuple[str, bool]]:
    """Return the first event of each turn, and whether it may be delivered at once."""
    return [(effect.events[0].kind, effect.repeatable) for effect in world.delivered]


async def test_answers_to_messages_are_delivered_at_once() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (10, "Ana")])

    await world.play()

    assert _repeatable(world) == [("conversation_opened", True), ("flow_entered", True), ("message_received", True)]


async def test_reminders_and_timeouts_are_in_the_history_first() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi")])

    await world.play()

    assert _repeatable(world)[2:] == [("message_sent", False), ("question_timed_out", False)]


async def test_the_turn_after_a_reminder_is_delivered_at_once_again() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (400, "Ana")])

    await world.play()

    assert _repeatable(world)[2:] == [("message_sent", False), ("message_received", True)]


async def test_a_wish_to_close_is_in_the_history_first() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi")], closing=CloseRequest(by="operator"))

    await world.play()

    assert _repeatable(world)[-1] == ("conversation_ended", False)


async def test_a_failure_to_deliver_is_in_the_history_first() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (10, "Ana")], refused={"Qual": "failed"})

    await world.play()

    assert ("message_failed", False) in _repeatable(world)


async def test_to_say_that_it_takes_longer_is_in_the_history_first() -> None:
    world = World({"main": flow(CALL)}, [(0, "oi")], answers={"find_customer": ErpAnswer(outcome="slow")})

    await world.play()

    assert ("message_sent", False) in _repeatable(world)
    assert _repeatable(world)[-1] == ("erp_called", True)


@pytest.mark.parametrize(
    ("text", "repeatable"), [("São {{ now | date }}.", False), ("Olá!", True), ("We know who opened_at noon.", True)]
)
async def test_what_is_said_of_the_time_is_in_the_history_first(text: str, repeatable: bool) -> None:  # noqa: FBT001
    said = f'\n  - id: greet\n    card: send_message\n    text: "{text}"\n{ASK}'
    world = World({"main": flow(said)}, [(0, "oi")])

    await world.play()

    assert _repeatable(world)[1] == ("flow_entered", repeatable)


async def test_until_when_a_delay_lasts_may_differ_when_it_is_written_again() -> None:
    world = World({"main": flow("  - {id: rest, card: delay, for: 1h}")}, [(0, "oi")])
    await world.play()
    begun = next(event for event in world.events if event.kind == "delay_begun")

    again = begun.model_copy(update={"data": {**begun.data, "until": "2026-11-21T13:00:05+00:00"}})

    assert again.fingerprint() == begun.fingerprint()


async def test_how_long_an_erp_took_may_differ_when_it_is_written_again() -> None:
    world = World({"main": flow(CALL)}, [(0, "oi")], answers={"find_customer": ok(None)})
    await world.play()
    called = next(event for event in world.events if event.kind == "erp_called")

    again = called.model_copy(update={"data": {**called.data, "seconds": 5.1}, "at": called.at + timedelta(seconds=5)})

    assert again.fingerprint() == called.fingerprint()
    assert called.model_copy(update={"data": {**called.data, "outcome": "failed"}}).fingerprint() != again.fingerprint()


async def test_what_a_date_means_is_the_same_whenever_it_is_read() -> None:
    world = World({"main": flow(ASK.replace("answer: text", "answer: date"))}, [(0, "oi"), (10, "amanhã")])

    await world.play()

    assert world.state.resolution == "resolved"
    assert _repeatable(world)[-1] == ("message_received", True)


async def test_what_a_calendar_said_is_in_the_history_first() -> None:
    hours = "  - {id: hours, card: business_hours, exits: {closed: bye}}"
    world = World({"main": flow(f"{hours}\n  - {{id: bye, card: close}}")}, [(0, "oi")])

    await world.play()

    assert _repeatable(world)[-1] == ("exit_taken", False)
