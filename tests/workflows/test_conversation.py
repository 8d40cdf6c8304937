"""Conversations on Temporal itself: the product's workflow, activities and journal."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from domain.conversation import CloseRequest, Snapshot
from journal import conversations
from runtime.temporal_names import SIGNAL_CLOSE
from tests.interpreter.world import flow
from tests.workflows.line import Line, line

ASK = """
  - id: hello
    card: send_message
    text: "Seu protocolo é {{ conversation.protocol }}."
  - id: ask_name
    card: ask_question
    text: "Qual o seu nome?"
    answer: text
    save_as: name
    reminders: [{after: 5m, text: "Você ainda está aí?"}, {after: 1h, text: "Sigo por aqui."}]
    timeout: 24h
    exits: {invalid: bye, no_answer: gone}
  - id: greet
    card: send_message
    text: "Olá, {{ name }}!"
    next: bye
  - id: gone
    card: send_message
    text: "Vou encerrar por aqui."
  - id: bye
    card: close
    resolution: resolved
"""


async def test_a_conversation_is_played_and_written_down(tmp_path: Path) -> None:
    async with line(tmp_path, {"main": flow(ASK)}) as opened:
        await opened.say("oi")
        await opened.until(lambda said: len(said) == 2)
        await opened.say("Ana")
        said = await opened.until(lambda said: len(said) == 3)
        await opened.over()

        (row,) = await opened.conversations()
        assert said == [f"Seu protocolo é {row.protocol}.", "Qual o seu nome?", "Olá, Ana!"]
        assert (row.stage, row.resolution) == ("ended", "resolved")
        assert {(line.who, line.state) for line in await opened.lines() if line.who == "bot"} == {("bot", "sent")}


async def test_a_day_of_silence_is_reminded_of_and_ends_the_conversation(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with line(tmp_path, {"main": flow(ASK)}) as opened:
        begun = time.perf_counter()
        await opened.say("oi")
        await opened.over()
        seconds = time.perf_counter() - begun
        record_property("figure", f"a conversation that waits 24 h, time skipped: {seconds:.2f} s")

        said = await opened.said()
        assert said[1:] == ["Qual o seu nome?", "Você ainda está aí?", "Sigo por aqui.", "Vou encerrar por aqui."]
        (row,) = await opened.conversations()
        assert row.ended_at is not None
        assert row.opened_at is not None
        assert row.ended_at - row.opened_at >= timedelta(hours=24)


async def test_a_call_that_was_given_up_says_how_often_it_was_tried(tmp_path: Path) -> None:
    cards = """
  - {id: look, card: erp_call, connection: billing, operation: find_customer, arguments: {document: "1"}, patience: 30s,
     exits: {failed: bye, not_found: bye, rejected: bye}}
  - {id: bye, card: close, resolution: resolved}
"""
    async with line(tmp_path, {"main": flow(cards)}) as opened:
        await opened.say("oi")
        await opened.over()

        (row,) = await opened.conversations()
        async with opened.database.read() as connection:
            events = await conversations.events(connection, row.conversation_id)
        (called,) = [event.data for event in events if event.kind == "erp_called"]
        assert (called["outcome"], called["error"]) == ("failed", "erp_unavailable")
        assert called["attempts"] in range(3, 8), "after 0, 1, 3, 7, 15 and 25 seconds"


async def test_queries_say_where_a_conversation_stands(tmp_path: Path) -> None:
    async with line(tmp_path, {"main": flow(ASK)}, skip_time=False) as opened:
        await opened.say("oi")
        await opened.until(lambda said: len(said) == 2)

        snapshot = await opened.handle.query("snapshot", result_type=Snapshot)
        transcript = await opened.handle.query("transcript", result_type=list[str])

        assert snapshot.frames[0].card == "ask_name"
        assert transcript[0] == "contact: oi"
        assert transcript[-1] == "bot: Qual o seu nome?"
        await opened.handle.signal(SIGNAL_CLOSE, CloseRequest(by="ops", reason="test"))
        await opened.until(lambda _: True)


async def test_a_plain_turn_costs_five_events(tmp_path: Path) -> None:
    cards = """
  - {id: ask, card: ask_question, text: "E agora?", answer: text, save_as: name, timeout: 30m, next: ask,
     exits: {invalid: ask, no_answer: bye}}
  - {id: bye, card: close, resolution: resolved}
"""
    async with line(tmp_path, {"main": flow(cards)}, skip_time=False) as opened:
        await opened.say("oi")
        await opened.until(lambda said: len(said) == 1)
        lengths: list[int] = []
        for turn in range(2, 8):
            await opened.say("mais uma")
            await opened.until(lambda said, turn=turn: len(said) == turn)
            lengths.append(await _settled_length(opened))

        assert {after - before for before, after in pairwise(lengths[1:])} == {5}


async def _settled_length(opened: Line) -> int:
    length = 0
    while (found := (await opened.handle.describe()).history_length) != length:
        length = found
        await asyncio.sleep(0.1)
    return length
