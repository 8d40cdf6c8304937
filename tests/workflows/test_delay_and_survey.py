"""Delays and surveys on Temporal itself, where months take milliseconds."""

from datetime import timedelta
from pathlib import Path

from temporalio.common import SearchAttributeKey

from domain.conversation import Snapshot
from tests.interpreter.world import flow
from tests.workflows.line import Line, line

TAGS = SearchAttributeKey.for_keyword_list("ProsaTags")
DELAY = """
  - {id: wait, card: send_message, text: "Volto a falar em três dias."}
  - {id: rest, card: delay, for: 3d}
  - {id: ask, card: ask_question, text: "Deu certo?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: say, card: send_message, text: "Anotado: {{ name }}"}
  - {id: bye, card: close}
"""
SURVEY = """
  - {id: rate, card: survey, scale: nps, text: "De 0 a 10?", reminders: [{after: 5m, text: "E aí?"}], timeout: 30m}
  - {id: bye, card: close}
"""
MARKED = """
  - {id: mark, card: tag, add: [vip]}
  - {id: ask, card: ask_question, text: "Sim?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: bye, card: close}
"""
TAGGED = """
  - {id: mark, card: tag, add: [vip, segunda via]}
  - {id: ask, card: ask_question, text: "Sim?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: unmark, card: tag, remove: [vip, segunda via]}
  - {id: more, card: ask_question, text: "Mais?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: bye, no_answer: bye}}
  - {id: bye, card: close}
"""


async def test_three_days_pass_and_what_was_said_meanwhile_is_read_then(tmp_path: Path) -> None:
    async with line(tmp_path, {"main": flow(DELAY)}) as opened:
        await opened.say("oi")
        await opened.until(lambda said: len(said) == 1)
        await opened.pass_time(timedelta(days=1))
        await opened.say("deu")
        await opened.pass_time(timedelta(days=1))
        assert len(await opened.said()) == 1
        await opened.pass_time(timedelta(days=1, minutes=1))
        said = await opened.until(lambda said: len(said) == 3)
        assert said[1:] == ["Deu certo?", "Anotado: deu"]
        await opened.over()

        (row,) = await opened.conversations()
        assert row.ended_at is not None
        assert row.ended_at - row.opened_at >= timedelta(days=3)


async def test_a_message_interrupts_an_interruptible_delay(tmp_path: Path) -> None:
    async with line(tmp_path, {"main": flow(DELAY.replace("3d", "3d, interruptible: true"))}) as opened:
        await opened.say("oi")
        await opened.until(lambda said: len(said) == 1)
        await opened.say("deu")
        await opened.until(lambda said: len(said) == 3)

        (row,) = await opened.conversations()
        assert row.last_at - row.opened_at < timedelta(days=1)


async def test_a_delay_until_a_moment_ends_by_the_companys_clock(tmp_path: Path) -> None:
    cards = DELAY.replace("for: 3d", 'until: "2030-07-01T09:00"')
    async with line(tmp_path, {"main": flow(cards)}) as opened:
        await opened.say("oi")
        await opened.until(lambda said: len(said) == 1)
        snapshot = await opened.handle.query("snapshot", result_type=Snapshot)

        assert snapshot.frames[0].memory == {"until": "2030-07-01T12:00:00Z"}


async def test_the_calendar_is_asked_where_holidays_are_known(tmp_path: Path) -> None:
    cards = DELAY.replace("for: 3d", 'until: "2050-12-25T09:00", calendar: main')
    hours = "  - {id: hours, card: business_hours, exits: {closed: rest}}"
    cards = cards.replace("  - {id: rest", f"{hours}\n  - {{id: rest")
    async with line(tmp_path, {"main": flow(cards)}) as opened:
        await opened.say("oi")
        await opened.until(lambda said: len(said) == 1)
        await opened.quiet()
        snapshot = await opened.handle.query("snapshot", result_type=Snapshot)

        assert snapshot.frames[0].memory == {"until": "2050-12-26T11:00:00Z"}


async def test_a_calendar_that_does_not_exist_is_a_failed_step(tmp_path: Path) -> None:
    cards = "  - {id: hours, card: business_hours, calendar: sales, exits: {closed: bye}}\n  - {id: bye, card: close}"
    async with line(tmp_path, {"main": flow(cards)}) as opened:
        await opened.say("oi")
        await opened.over()

        (failed,) = [line for line in await opened.lines() if "sales" in str(line)]
        assert "calendar 'sales' cannot be read" in str(failed)


async def test_a_delay_survives_new_runs_with_what_is_unread(tmp_path: Path) -> None:
    async with line(tmp_path, {"main": flow(DELAY)}) as opened:
        opened.turns_per_run = 2
        await opened.say("oi")
        await opened.until(lambda said: len(said) == 1)
        for text in ("um", "dois", "três", "quatro"):
            await opened.say(text)
            await opened.pass_time(timedelta(hours=1))
        assert (await opened.handle.describe()).run_id != opened.first_run
        await opened.pass_time(timedelta(days=3))
        said = await opened.until(lambda said: len(said) >= 3)

        assert said[:3] == ["Volto a falar em três dias.", "Deu certo?", "Anotado: um"]


async def test_a_survey_that_nobody_answers_is_reminded_of_and_ends(tmp_path: Path) -> None:
    async with line(tmp_path, {"main": flow(SURVEY)}) as opened:
        await opened.say("oi")
        await opened.over()

        assert [text.partition("\n")[0] for text in await opened.said()] == ["De 0 a 10?", "E aí?"]
        (row,) = await opened.conversations()
        assert (row.stage, row.survey, row.score) == ("ended", "nps", None)
        assert row.ended_at is not None
        assert row.ended_at - row.opened_at >= timedelta(minutes=30)


async def test_a_score_is_where_people_search_for_it(tmp_path: Path) -> None:
    async with line(tmp_path, {"main": flow(SURVEY)}) as opened:
        await opened.say("oi")
        await opened.until(lambda said: len(said) == 1)
        await opened.quiet()
        (row,) = await opened.conversations()
        assert row.stage == "survey"
        await opened.say("nota 9")
        await opened.over()

        (row,) = await opened.conversations()
        assert (row.stage, row.survey, row.score) == ("ended", "nps", 9)


async def test_temporal_lists_conversations_by_their_tags(tmp_path: Path) -> None:
    async with line(tmp_path, {"main": flow(TAGGED)}) as opened:
        await opened.say("oi")
        await opened.until(lambda said: len(said) == 1)
        await opened.quiet()
        assert await _tags(opened) == ["vip", "segunda via"]
        (row,) = await opened.conversations()
        assert row.tags == ("vip", "segunda via")

        await opened.say("sim")
        await opened.until(lambda said: len(said) == 2)
        await opened.quiet()
        assert not await _tags(opened)


async def test_the_next_conversation_does_not_inherit_tags(tmp_path: Path) -> None:
    plain = '  - {id: ask, card: ask_question, text: "Oi?", answer: text, save_as: name, timeout: 1h}'
    async with line(tmp_path, {"main": flow(MARKED)}) as opened:
        await opened.say("oi")
        await opened.until(lambda said: len(said) == 1)
        await opened.say("sim")
        await opened.quiet()
        await opened.publish({"main": flow(plain)})
        await opened.say("de novo")
        await opened.until(lambda said: len(said) == 2)
        await opened.quiet()

        assert not await _tags(opened)


async def _tags(opened: Line) -> list[str] | None:
    described = await opened.handle.describe()
    found = described.typed_search_attributes.get(TAGS)
    return list(found) if found else None
