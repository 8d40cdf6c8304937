"""The same contact again: yesterday's conversation, its late repeats, and what is said after the end."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.interpreter.world import flow
from tests.workflows.line import line

SECOND_COPY = """
  - {id: ask, card: ask_question, text: "Qual a fatura?", answer: text, save_as: name, timeout: 30m,
     exits: {invalid: bye, no_answer: bye}}
  - {id: here, card: send_message, text: "Segue a fatura {{ name }}."}
  - {id: bye, card: close, resolution: resolved}
"""
FLOWS = {"main": flow(SECOND_COPY)}


async def test_yesterday_is_closed_and_today_is_a_conversation_of_its_own(tmp_path: Path) -> None:
    async with line(tmp_path, FLOWS, skip_time=False) as opened:
        opened.grace = timedelta(0)
        for number in ("1001", "1002"):
            await opened.say("oi")
            await opened.say(number)
            await opened.ended()

        assert [row.resolution for row in await opened.conversations()] == ["resolved", "resolved"]
        assert (await opened.said())[1::2] == ["Segue a fatura 1001.", "Segue a fatura 1002."]
        assert len({row.protocol for row in await opened.conversations()}) == 2


@pytest.mark.parametrize("which", ["the opening", "the last message"])
async def test_a_late_repeat_after_the_close_opens_nothing(tmp_path: Path, which: str) -> None:
    async with line(tmp_path, FLOWS, skip_time=False) as opened:
        opened.grace = timedelta(0)
        first = await opened.receive("oi")
        await opened.forward(first)
        last = await opened.receive("1001")
        await opened.forward(last)
        await opened.ended()

        await opened.forward(first if which == "the opening" else last)
        await opened.ended()

        assert len(await opened.conversations()) == 1
        assert await opened.said() == ["Qual a fatura?", "Segue a fatura 1001."]


async def test_messages_that_came_with_a_late_repeat_are_answered(tmp_path: Path) -> None:
    async with line(tmp_path, FLOWS, skip_time=False) as opened:
        opened.grace = timedelta(0)
        first = await opened.receive("oi")
        await opened.forward(first)
        await opened.say("1001")
        await opened.ended()

        await opened.forward(first)
        await opened.say("oi de novo")
        said = await opened.until(lambda said: len(said) == 3)

        assert said[2] == "Qual a fatura?"
        assert len(await opened.conversations()) == 2


async def test_three_messages_queued_when_the_flow_ends_are_all_answered(tmp_path: Path) -> None:
    async with line(tmp_path, FLOWS, skip_time=False) as opened:
        messages = [await opened.receive(text) for text in ("oi", "1001", "oi", "1002", "oi", "1003")]
        for message in messages:
            await opened.forward(message)

        said = await opened.until(lambda said: len(said) == 6)

        assert said[1::2] == [f"Segue a fatura {number}." for number in ("1001", "1002", "1003")]
        assert len(await opened.conversations()) == 3


async def test_thanks_after_the_end_do_not_start_again(tmp_path: Path) -> None:
    async with line(tmp_path, FLOWS) as opened:
        await opened.say("oi")
        await opened.say("1001")
        await opened.until(lambda said: len(said) == 2)
        await opened.say("obrigado")
        await opened.until(lambda said: len(said) == 3)
        await opened.over()

        assert len(await opened.conversations()) == 1
