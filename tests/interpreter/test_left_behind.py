"""What is unread and too much for a new run stays in the inbox, and is read later, in order."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.conversation import ConversationStart, Snapshot
from domain.effect import Deliver
from domain.limits import LIMITS
from domain.message import Inbound
from interpreter.left_behind import leave_behind
from tests.interpreter.world import SETUP, START, World, flow

INPUT = 1024 * 1024
"""Bytes of a new run's input, at most; Temporal takes twice as much."""
READ = """
  - {id: ask, card: ask_question, answer: text, text: "Diga", save_as: name, next: ask}
"""
PEOPLE = """
  - {id: people, card: transfer, queue: main, text: "Um momento"}
"""
LONG = "x" * (LIMITS.message_text - 8)


def message(n: int, text: str) -> Inbound:
    return Inbound(message_id=f"m{n}", at=START + timedelta(seconds=n), text=text)


def texts(delivered: list[Deliver]) -> list[str]:
    events = [event for effect in delivered for event in effect.events]
    return [str(event.data["text"]) for event in events if event.kind == "message_received"]


LETTERS = st.sampled_from('ab"\\\né😀\x01')


@given(st.lists(st.tuples(LETTERS, st.sampled_from([0, 10, 4_000, 16_000])), max_size=400))
def test_the_input_of_a_new_run_is_bounded_and_nothing_is_lost(said: list[tuple[str, int]]) -> None:
    messages = [message(n, letter * length) for n, (letter, length) in enumerate(said)]
    state = Snapshot(conversation_id="c", seen=["old", *(one.message_id for one in messages)][-LIMITS.seen_events :])
    state.unread = list(messages)

    behind = leave_behind(state)

    assert [*(one.message_id for one in state.unread), *behind] == [one.message_id for one in messages]
    assert not set(behind) & set(state.seen)
    assert len(ConversationStart(setup=SETUP, snapshot=state).model_dump_json().encode()) < INPUT
    assert state.unread or not messages


@pytest.mark.parametrize("cards", [READ, PEOPLE], ids=["asked", "with people"])
@pytest.mark.parametrize(("number", "text"), [(150, LONG), (3_000, "x")], ids=["long", "short"])
async def test_a_flood_is_read_in_order_each_once_in_runs_and_turns_of_bounded_size(
    cards: str, number: int, text: str
) -> None:
    flood = [(10.0, message(n, f"{n} {text}")) for n in range(number)]
    world = World({"main": flow(cards)}, [(0, "oi"), *flood], turns_per_run=40)

    await world.play()

    assert texts(world.delivered) == ["oi", *(one.text for _, one in flood)]
    assert max(world.sizes) < INPUT
    assert max(len(effect.model_dump_json()) for effect in world.delivered) < INPUT
    assert world.left_behind or number * len(text) < LIMITS.unread
    assert "step_failed" not in world.kinds()


async def test_many_messages_that_are_there_at_once_are_no_loop() -> None:
    world = World({"main": flow(READ)}, [(0, "oi"), *((10.0, f"{n}") for n in range(1_200))])

    await world.play()

    assert world.said.count("Diga") == 1_201
    assert "step_failed" not in world.kinds()


async def test_thanks_after_the_end_are_written_in_turns_of_bounded_size() -> None:
    thanks = [(10.0, message(n, f"obrigado{' ' * n}")) for n in range(1_000)]
    world = World({"main": flow("  - {id: bye, card: close, resolution: resolved}")}, [(0, "oi"), *thanks])

    await world.play()

    assert len(texts(world.delivered)) == 1_001
    assert max(len(effect.events) for effect in world.delivered) < 150
