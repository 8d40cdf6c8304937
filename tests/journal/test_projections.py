from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from domain.event import Event
from journal import conversations, projections, turn
from journal.database import Database
from journal.tables import conversation, conversation_tag
from tests.journal.factory import ADDRESS, NOW, deliver, event, first_turn, later, message_id, opened, received


def _fold(*events: Event) -> dict[str, Any]:
    row = projections.beginning("20260302-000001")
    for happened in events:
        row = projections.advance(row, happened.model_dump() | {"conversation_id": "c1"})
    return row


async def _table(db: Database) -> list[dict[str, Any]]:
    async with db.read() as c:
        found = select(conversation).order_by(conversation.c.conversation_id)
        return [dict(row) for row in (await c.execute(found)).mappings()]


def test_a_conversation_stands_where_its_last_event_says() -> None:
    row = _fold(
        opened(),
        received(2, 1),
        event(3, "flow_entered", flow="support", version="v1", number=7),
        event(4, "message_sent", card="greet", at=later(1), text="Olá"),
    )
    where = {key: row[key] for key in ("flow", "flow_version", "flow_number", "card", "stage", "turns", "last_seq")}
    assert where == {
        "flow": "support",
        "flow_version": "v1",
        "flow_number": 7,
        "card": "greet",
        "stage": "bot",
        "turns": 1,
        "last_seq": 4,
    }
    assert (row["opened_at"], row["last_at"], row["address"]) == (NOW, later(1), ADDRESS)


def test_after_a_called_flow_the_number_is_again_that_of_the_caller() -> None:
    inside = Event(seq=4, kind="exit_taken", at=NOW, card="ask", flow="invoice", version="i9", data={"exit": "ok"})
    back = event(6, "exit_taken", card="menu", exit="ok")
    events = (
        opened(),
        event(2, "flow_entered", flow="support", version="v1", number=7),
        event(3, "flow_entered", flow="invoice", version="i9", number=2),
        inside,
        event(5, "flow_left", flow="invoice", exit="done"),
    )
    called = _fold(*events[:-1], inside.model_copy(update={"seq": 5}))
    assert (called["flow"], called["flow_version"], called["flow_number"]) == ("invoice", "i9", 2)
    returned = _fold(*events, back)
    assert (returned["flow"], returned["flow_version"], returned["flow_number"]) == ("support", "v1", 7)


def test_an_ended_conversation_stays_ended_when_a_late_message_is_absorbed() -> None:
    row = _fold(
        opened(),
        event(2, "conversation_ended", at=later(9), resolution="solved"),
        received(3, 2, late=True),
    )
    assert (row["stage"], row["resolution"], row["ended_at"], row["last_seq"]) == ("ended", "solved", later(9), 3)


def test_a_survey_is_a_stage_and_its_score_is_kept() -> None:
    asked = (opened(), event(2, "survey_asked", survey="nps", lowest=0, highest=10))
    answered = (*asked, event(3, "survey_answered", survey="nps", score=0))
    assert [_fold(*asked)[key] for key in ("stage", "survey", "score")] == ["survey", "nps", None]
    left = _fold(*answered, event(4, "exit_taken", exit="answered"))
    assert [left[key] for key in ("stage", "survey", "score")] == ["bot", "nps", 0]


async def test_rebuilding_from_the_journal_gives_the_same_table(db: Database) -> None:
    async with db.write() as c:
        for number in (1, 2, 3):
            await turn.commit(c, first_turn(number, workflow_id=f"w{number}"), NOW)
        await turn.commit(c, deliver(1, events=(event(5, "tag_added", tag="vip"),)), later(5))
        await turn.commit(c, deliver(2, events=(event(5, "conversation_ended", resolution="solved"),)), later(5))
        await conversations.terminated(c, message_id(3), "ana", "workflow reset", later(6))
    live = await _table(db)
    async with db.write() as c:
        await c.execute(update(conversation).values(stage="agent", turns=99))
        await c.execute(update(conversation_tag).values(tag="old"))
        assert await projections.rebuild(c) == 3
    assert await _table(db) == live
    async with db.read() as c:
        assert [row.conversation_id for row in await conversations.find(c, tag="vip")] == [message_id(1)]
        assert await conversations.find(c, tag="old") == []
    assert {row["stage"] for row in live} == {"bot", "ended"}
    assert len({row["protocol"] for row in live}) == 3


async def test_repeated_turns_count_once(db: Database) -> None:
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
    once = await _table(db)
    async with db.write() as c:
        await turn.commit(c, first_turn(1), later(5))
    assert await _table(db) == once


async def test_a_turn_that_comes_before_its_predecessor_is_taken_in_after_it(db: Database) -> None:
    third = deliver(1, events=(event(6, "conversation_ended", at=later(9), resolution="solved"),))
    second = deliver(1, events=(received(5, 2),))
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        await turn.commit(c, third, NOW)
    assert (await _table(db))[0]["last_seq"] == 4
    async with db.write() as c:
        await turn.commit(c, second, NOW)
    row = (await _table(db))[0]
    assert (row["last_seq"], row["stage"], row["turns"]) == (6, "ended", 2)


@given(st.lists(st.integers(1, 11), max_size=6))
def test_wherever_it_is_cut_the_fold_ends_in_the_same_row(cuts: list[int]) -> None:
    events = (
        opened(),
        event(2, "flow_entered", flow="support", version="v1", number=7),
        *(received(seq, seq, late=seq > 9) for seq in range(3, 9)),
        event(9, "conversation_ended", at=NOW + timedelta(seconds=9), resolution="solved"),
        received(10, 10, late=True),
        received(11, 11, late=True),
    )
    row = projections.beginning("20260302-000001")
    for start, end in pairwise(sorted({0, 11, *cuts})):
        batch = [happened.model_dump() | {"conversation_id": "c1"} for happened in events[start:end]]
        for happened in batch:
            row = projections.advance(row, happened)
    assert row == _fold(*events)
