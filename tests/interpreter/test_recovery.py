"""A conversation that stands behind its journal, as when Temporal was set back, finds its way."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typing_extensions import override

from domain.conversation import CloseRequest
from domain.delivery import Delivered, PartOutcome
from domain.effect import Deliver
from domain.message import Inbound
from journal import check, conversations, divergence, outbox, turn
from journal.conversations import ConversationRow
from journal.database import Database, upgrade
from tests.interpreter.world import START, Silent, World, flow, message

TALK = """
  - id: ask_name
    card: ask_question
    text: "Qual o seu nome?"
    answer: text
    save_as: name
    reminders: [{after: 5m, text: "Você ainda está aí?"}]
    timeout: 24h
    exits: {invalid: bye, no_answer: bye}
  - id: tag_it
    card: tag
    add: [named]
  - id: ask_city
    card: ask_question
    text: "De onde você é, {{ name }}?"
    answer: text
    save_as: city
    timeout: 24h
    exits: {invalid: bye, no_answer: bye}
  - id: noted
    card: send_message
    text: "{{ name }}, de {{ city }}."
  - id: bye
    card: close
    resolution: resolved
"""
FLOW = flow(TALK, variables="name: {type: text}\n  city: {type: text}")
REMINDED = 300
ASKED = ["Qual o seu nome?", "De onde você é, Ana?"]


@dataclass
class Life(World):
    """The workflow as Temporal knows it; its journal is a database, which a later life finds as it is."""

    flows: Mapping[str, str] = field(default_factory=lambda: {"main": FLOW})
    script: list[tuple[float, str | Inbound]] = field(default_factory=list[tuple[float, str | Inbound]])
    database: Database | None = None
    run: str = "first"

    @property
    @override
    def chain(self) -> str:
        return self.run

    @override
    async def deliver(self, effect: Deliver, summary: str) -> Delivered:
        assert self.database is not None
        self.delivered.append(effect)
        try:
            async with self.database.write() as c:
                committed = await turn.commit(c, effect, self.now)
        except turn.Diverged:
            async with self.database.read() as c:
                return Delivered(lost=await divergence.since(c, effect))
        if committed.lost is not None:
            return Delivered(lost=committed.lost)
        for part in effect.parts:
            async with self.database.write() as c:
                await outbox.settle(c, effect.conversation_id, part.seq, state="sent", now=self.now)
        parts = tuple(PartOutcome(seq=part.seq, state="sent") for part in effect.parts)
        return Delivered(protocol=committed.protocol, parts=parts)

    @override
    async def wait(self, until: datetime | None) -> bool:
        if not self.script:  # here the life ends, with all its deadlines
            raise Silent
        return await super().wait(until)

    async def sees(self) -> list[str]:
        """Return what the contact has been sent, over all lives."""
        assert self.database is not None
        (row,) = await self.rows()
        async with self.database.read() as c:
            return [part.part.text for part in await outbox.parts(c, row.conversation_id)]

    async def happened(self) -> list[str]:
        """Return the kinds of what the journal tells of the one conversation; it must be sound."""
        assert self.database is not None
        (row,) = await self.rows()
        async with self.database.read() as c:
            assert not [*await check.holes(c), *await check.unsent(c), *await check.misprojected(c)]
            return [event.kind for event in await conversations.events(c, row.conversation_id)]

    async def rows(self) -> list[ConversationRow]:
        assert self.database is not None
        async with self.database.read() as c:
            return await conversations.find(c)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    url = f"sqlite:///{tmp_path}/prosa.db"
    await asyncio.to_thread(upgrade, url)
    opened = Database(url)
    yield opened
    await opened.close()


def says(*script: tuple[float, str]) -> list[tuple[float, str | Inbound]]:
    return [(at, message(text, f"id of {text}")) for at, text in script]


async def test_what_was_said_in_lost_turns_is_heard_again_and_nothing_is_sent_twice(database: Database) -> None:
    await Life(script=says((0, "oi"), (10, "Ana")), database=database).play()

    later = Life(script=says((0, "oi"), (60, "Lages")), database=database)
    await later.play()

    assert await later.sees() == [*ASKED, "Ana, de Lages."]
    kinds = await later.happened()
    assert kinds.count("message_received") == 3
    assert "conversation_repaired" not in kinds


async def test_a_deadline_of_an_older_state_gives_way_to_what_was_said(database: Database) -> None:
    await Life(script=says((0, "oi"), (10, "Ana")), database=database).play()

    later = Life(script=says((0, "oi"), (2 * REMINDED, "Lages")), database=database)
    await later.play()

    assert await later.sees() == [*ASKED, "Ana, de Lages."]
    assert "reminder_sent" not in await later.happened()


async def test_what_comes_out_differently_follows_on_what_was_lost(database: Database) -> None:
    await Life(script=says((0, "oi"), (REMINDED + 60, "Ana")), database=database).play()

    later = Life(script=says((0, "oi"), (60, "Lages")), database=database)
    await later.play()

    assert await later.sees() == [ASKED[0], "Você ainda está aí?", ASKED[1], ASKED[1], "Ana, de Lages."]
    assert (await later.happened()).count("conversation_repaired") == 1
    (row,) = await later.rows()
    assert (row.stage, row.resolution, row.tags) == ("ended", "resolved", ("named",))


async def test_a_turn_that_follows_on_is_in_the_history_first(database: Database) -> None:
    await Life(script=says((0, "oi"), (REMINDED + 60, "Ana")), database=database).play()

    later = Life(script=says((0, "oi"), (60, "Lages")), database=database)
    await later.play()

    repaired = [effect for effect in later.delivered if effect.events[0].kind == "conversation_repaired"]
    assert [effect.repeatable for effect in repaired] == [False]


async def test_after_an_end_that_was_lost_the_next_message_begins_anew_and_does_not_answer(database: Database) -> None:
    lived = says((0, "oi"), (REMINDED + 60, "Ana"), (REMINDED + 90, "Lages"))
    assert await Life(script=lived, database=database).play() is None

    later = Life(script=says((0, "oi"), (60, "e agora?")), database=database)
    following = await later.play()

    assert following is not None
    assert following.text == "e agora?"
    assert (await later.happened()).count("conversation_ended") == 2
    assert (await later.sees())[-2:] == [ASKED[1], "Ana, de Lages."]


async def test_a_wish_to_close_waits_until_all_has_been_heard(database: Database) -> None:
    await Life(script=says((0, "oi"), (10, "Ana")), database=database).play()

    later = Life(script=says((0, "oi")), database=database, closing=CloseRequest(by="ops"))
    await later.play()

    assert await later.sees() == ASKED
    assert (await later.happened())[-2:] == ["message_sent", "conversation_ended"]


async def test_a_conversation_whose_workflow_is_gone_is_taken_over_by_the_next(database: Database) -> None:
    await Life(script=says((0, "oi"), (10, "Ana")), database=database).play()

    later = Life(script=says((60, "Lages")), database=database, run="second")
    later.clock = START + timedelta(minutes=1)
    await later.play()

    assert await later.sees() == [*ASKED, "Ana, de Lages."]
    assert len(await later.rows()) == 1
