"""Delays and surveys in the interpreter: what is said meanwhile, who intervenes, what a new run goes on with."""

from datetime import timedelta
from itertools import pairwise

import pytest

from domain.conversation import CloseRequest, Intervention, Snapshot
from domain.event import Event
from domain.limits import LIMITS
from tests.interpreter.world import START, World, flow

HOUR = 3600
DAY = 24 * HOUR
DELAY = """
  - {id: rest, card: delay, for: 3d}
  - {id: ask, card: ask_question, text: "Tudo certo?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: say, card: send_message, text: "Ouvi: {{ name }}"}
  - {id: bye, card: close}
"""
BREAKABLE = DELAY.replace("for: 3d", "for: 3d, interruptible: true")
SURVEY = """
  - {id: rate, card: survey, scale: csat, text: "De 1 a 5?", comment: "Por quê?", timeout: 30m}
"""
ASK = """
  - {id: ask, card: ask_question, text: "Tudo certo?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: bye, card: close}
"""
SCORES = "\n\n1 · 2 · 3 · 4 · 5"
"""What stands below the question where nothing can be tapped."""


def at(world: World, kind: str) -> list[float]:
    """Return the seconds after the beginning at which events of *kind* happened."""
    return [(event.at - START).total_seconds() for event in world.events if event.kind == kind]


def one(world: World, kind: str) -> Event:
    (event,) = [event for event in world.events if event.kind == kind]
    return event


async def test_what_is_said_during_a_delay_is_read_by_the_next_cards_in_order() -> None:
    world = World({"main": flow(DELAY)}, [(0, "oi"), (HOUR, "sim"), (DAY, "mais uma")])

    following = await world.play()

    assert world.said == ["Tudo certo?", "Ouvi: sim"]
    assert at(world, "message_received") == [0, 3 * DAY]
    assert following is not None
    assert following.text == "mais uma"


async def test_nothing_is_lost_when_the_conversation_ends_after_a_delay() -> None:
    cards = "  - {id: rest, card: delay, for: 3d}\n  - {id: bye, card: close}"
    world = World({"main": flow(cards)}, [(0, "oi"), (HOUR, "ainda está aí?")])

    following = await world.play()

    assert world.state.resolution == "resolved"
    assert following is not None
    assert following.text == "ainda está aí?"


async def test_what_stands_before_a_delay_is_said_before_it_and_what_is_unread_is_shown() -> None:
    cards = f'  - {{id: hello, card: send_message, text: "Até já"}}{DELAY}'
    world = World({"main": flow(cards)}, [(0, "oi"), (HOUR, "sim")])

    await world.play()

    assert at(world, "message_sent")[0] == 0
    assert world.shown[0] == (
        "waits for time to pass at card 'rest' of flow 'main' version 1 until 2026-11-24 12:00:00 UTC"
    )
    assert world.shown[1].endswith(", 1 unread")


async def test_an_interrupted_delay_leaves_the_message_to_the_next_card() -> None:
    world = World({"main": flow(BREAKABLE)}, [(0, "oi"), (HOUR, "cheguei")])

    await world.play()

    assert world.said == ["Tudo certo?", "Ouvi: cheguei"]
    assert at(world, "message_received") == [0, HOUR]


@pytest.mark.parametrize("until", ["2026-11-22T09:00", "2026-11-22T12:00:00Z", "2026-11-22T14:00:00+02:00"])
async def test_a_delay_until_a_moment_is_over_then_by_the_companys_clock_or_in_the_zone_that_it_names(
    until: str,
) -> None:
    cards = f'  - {{id: rest, card: delay, until: "{until}"}}\n  - {{id: bye, card: close}}'
    world = World({"main": flow(cards)}, [(0, "oi")])

    await world.play()

    assert at(world, "conversation_ended") == [DAY]


async def test_a_moment_that_cannot_be_read_takes_the_fallback() -> None:
    cards = '  - {id: rest, card: delay, until: "amanhã"}\n  - {id: sorry, card: close, resolution: failed}'
    world = World({"main": flow(cards, more="fallback: sorry")}, [(0, "oi")])

    await world.play()

    assert (
        one(world, "step_failed").data["message"]
        == "expected a moment such as '2026-12-10T09:00', found a text like 'aaaaaa'"
    )
    assert world.state.resolution == "failed"


@pytest.mark.parametrize(
    "until", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "9999-12-31", "0001-01-01+14:00"]
)
async def test_a_moment_that_no_conversation_can_wait_for_takes_the_fallback(until: str) -> None:
    cards = f'  - {{id: rest, card: delay, until: "{until}"}}\n  - {{id: sorry, card: close, resolution: failed}}'
    world = World({"main": flow(cards, more="fallback: sorry")}, [(0, "oi")])

    await world.play()

    assert str(one(world, "step_failed").data["message"]).startswith("expected a moment")
    assert world.state.resolution == "failed"


async def test_the_turn_after_a_delay_is_in_the_history_first() -> None:
    world = World({"main": flow(DELAY)}, [(0, "oi")])

    await world.play()

    repeatable = [(effect.events[0].kind, effect.repeatable) for effect in world.delivered]
    assert repeatable[:3] == [("conversation_opened", True), ("flow_entered", True), ("exit_taken", False)]


async def test_a_delay_goes_on_in_a_new_run_with_what_is_unread() -> None:
    script = [(0, "oi"), *((HOUR * n, f"m{n}") for n in range(1, 6))]
    world = World({"main": flow(DELAY)}, [*script], turns_per_run=1)

    await world.play()

    assert world.rests >= 5
    assert world.said == ["Tudo certo?", "Ouvi: m1"]
    assert at(world, "delay_begun") == [0]
    assert at(world, "message_received") == [0, 3 * DAY]


async def test_a_flood_of_messages_ends_a_delay_before_it_is_too_much_for_a_new_run() -> None:
    flood = [(HOUR + n, "x" * LIMITS.message_text) for n in range(100)]
    world = World({"main": flow(DELAY)}, [(0, "oi"), *flood], turns_per_run=1)

    following = await world.play()

    assert HOUR < at(world, "message_sent")[0] < HOUR + 100
    assert following is not None
    assert max(world.sizes) < 2 * LIMITS.unread


async def test_somebody_of_the_company_may_close_during_a_delay() -> None:
    world = World({"main": flow(DELAY)}, [(0, "oi")], closing=CloseRequest(by="operator"))

    await world.play()

    assert at(world, "conversation_ended") == [0]


async def test_somebody_of_the_company_may_skip_a_delay() -> None:
    def skip(state: Snapshot) -> Intervention:
        return Intervention(kind="skip", by="operator", seq=state.seq)

    world = World({"main": flow(DELAY)}, [(0, "oi")], interventions=[skip])

    await world.play()

    assert one(world, "wait_skipped").data["exit"] == "done"
    assert at(world, "message_sent")[0] == 0


async def test_a_survey_is_a_stage_of_its_own_until_it_is_left() -> None:
    stages: list[str] = []

    class Seen(World):
        def show(self, state: Snapshot, waiting_for: str) -> None:
            stages.append(state.stage)

    world = Seen({"main": flow(SURVEY + ASK)}, [(0, "oi"), (60, "4"), (120, "Foi rápido"), (180, "sim")])
    await world.play()

    assert stages == ["survey", "survey", "bot", "ended"]
    assert world.said == [f"De 1 a 5?{SCORES}", "Por quê?", "Tudo certo?"]
    assert one(world, "survey_answered").data == {"survey": "csat", "score": 4}
    assert one(world, "survey_commented").data == {"survey": "csat", "comment": "Foi rápido"}


async def test_a_conversation_is_surveyed_once_whichever_flow_asks() -> None:
    flows = {
        "main": flow("  - {id: a, card: run_flow, flow: poll}\n  - {id: b, card: run_flow, flow: poll}"),
        "poll": flow('  - {id: rate, card: survey, scale: csat, text: "De 1 a 5?", timeout: 30m}', "poll"),
    }
    world = World(flows, [(0, "oi"), (60, "5")])

    await world.play()

    assert world.said == [f"De 1 a 5?{SCORES}"]
    exits = [event.data["exit"] for event in world.events if event.kind == "exit_taken" and event.card == "rate"]
    assert exits == ["answered", "answered"]


async def test_who_asks_for_something_else_at_the_survey_gets_a_new_conversation() -> None:
    world = World({"main": flow(SURVEY)}, [(0, "oi"), (60, "segunda via"), (120, "segunda via!")])

    following = await world.play()

    assert one(world, "survey_unanswered").data == {"survey": "csat", "reason": "not_understood"}
    assert following is not None
    assert following.text == "segunda via!"


async def test_a_survey_goes_on_in_a_new_run() -> None:
    world = World({"main": flow(SURVEY)}, [(0, "oi"), (60, "hum"), (120, "4"), (180, "Foi rápido")], turns_per_run=1)

    await world.play()

    assert world.rests >= 2
    assert len(at(world, "survey_asked")) == 1
    assert one(world, "survey_commented").data["comment"] == "Foi rápido"


async def test_tags_are_known_to_conditions_and_kept_by_a_new_run() -> None:
    cards = """
  - {id: mark, card: tag, add: [vip, novo]}
  - {id: ask, card: ask_question, text: "Nome?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: unmark, card: tag, remove: [novo]}
  - id: which
    card: condition
    when: [{if: "'vip' in conversation.tags and 'novo' not in conversation.tags", go: vip}]
    otherwise: bye
  - {id: vip, card: send_message, text: "VIP"}
  - {id: bye, card: close}
"""
    world = World({"main": flow(cards)}, [(0, "oi"), (60, "Ana")], turns_per_run=1)

    await world.play()

    assert world.said == ["Nome?", "VIP"]
    assert world.state.tags == ["vip"]


async def test_a_conversation_has_so_many_tags_and_no_more() -> None:
    names = ", ".join(f"t{n}" for n in range(LIMITS.tags + 1))
    cards = f"  - {{id: mark, card: tag, add: [{names}]}}\n  - {{id: bye, card: close, resolution: failed}}"
    world = World({"main": flow(cards, more="fallback: bye")}, [(0, "oi")])

    await world.play()

    assert one(world, "step_failed").data["message"] == f"a conversation has {LIMITS.tags} tags at most"
    assert len(world.state.tags) == LIMITS.tags


async def test_seq_stays_dense_over_delays_and_surveys() -> None:
    world = World({"main": flow(f"  - {{id: rest, card: delay, for: 1m}}{SURVEY}")}, [(0, "oi"), (90, "4"), (99, "ok")])

    await world.play()

    seqs = [event.seq for event in world.events]
    assert all(after - before == 1 for before, after in pairwise(seqs))


async def test_delays_as_long_as_a_year_are_kept_to_the_minute() -> None:
    cards = "  - {id: rest, card: delay, for: 366d}\n  - {id: bye, card: close}"
    world = World({"main": flow(cards)}, [(0, "oi")])

    await world.play()

    assert at(world, "conversation_ended") == [timedelta(days=366).total_seconds()]


async def test_a_split_leads_the_same_way_however_often_a_conversation_comes_to_it() -> None:
    cards = """
  - {id: lot, card: split, between: [{name: a, go: ask}, {name: b, go: ask}, {name: c, go: ask}]}
  - {id: ask, card: await_interaction, timeout: 1h, next: lot, exits: {no_answer: end}}
"""
    world = World({"main": flow(cards)}, [(at, "oi") for at in range(0, 60, 10)], turns_per_run=2)

    await world.play()

    drawn = [event.data["way"] for event in world.events if event.kind == "way_drawn"]
    assert len(drawn) == 6
    assert len(set(drawn)) == 1
