import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.errors import SettingsError
from journal import conversations, flows, inbox, turn
from journal.database import Database
from journal.tables import inbox as inbox_table
from journal.tables import journal, outbox
from journal.tables import opening as opening_table
from journal.turn import Committed
from tests.journal.factory import (
    LEASE,
    NOW,
    deliver,
    event,
    first_turn,
    inbox_item,
    later,
    message_id,
    received,
)


async def _receive(db: Database, *numbers: int | str) -> None:
    async with db.write() as c:
        for number in numbers:
            await inbox.receive(c, inbox_item(number), owner="gateway", lease=LEASE, now=NOW)


async def _rows(db: Database) -> dict[str, int]:
    async with db.read() as c:
        return {
            table.name: await c.scalar(select(func.count()).select_from(table)) or 0
            for table in (journal, outbox, opening_table)
        }


async def test_the_first_turn_opens_the_conversation_and_gives_its_protocol(db: Database) -> None:
    await _receive(db, 1)
    async with db.write() as c:
        committed = await turn.commit(c, first_turn(1), NOW)
    assert (committed.stale, committed.protocol) == (False, "20260302-000001")
    assert committed.parts[4].state == "queued"
    assert not committed.parts[4].ambiguous
    async with db.read() as c:
        consumed = (await c.execute(select(inbox_table))).mappings().one()
    assert (consumed["state"], consumed["consumed_at"]) == ("consumed", NOW)
    assert (consumed["consumed_by_conversation"], consumed["consumed_by_chain"]) == (message_id(1), "run-1")
    assert await _rows(db) == {"journal": 4, "outbox": 1, "opening": 1}


async def test_the_same_turn_again_writes_nothing_and_answers_the_same(db: Database) -> None:
    await _receive(db, 1)
    async with db.write() as c:
        first = await turn.commit(c, first_turn(1), NOW)
    async with db.write() as c:
        assert await turn.commit(c, first_turn(1), later(86_400)) == first
    assert await _rows(db) == {"journal": 4, "outbox": 1, "opening": 1}


async def test_the_same_turn_in_parallel_is_written_once(db: Database) -> None:
    await _receive(db, 1)

    async def commit() -> Committed:
        async with db.write() as c:
            return await turn.commit(c, first_turn(1), NOW)

    results = await asyncio.gather(*(commit() for _ in range(5)))
    assert results == [results[0]] * 5
    assert await _rows(db) == {"journal": 4, "outbox": 1, "opening": 1}


ENDED = event(5, "conversation_ended", resolution="resolved")


async def test_a_late_repeat_of_the_opening_message_does_not_reopen_the_conversation(db: Database) -> None:
    await _receive(db, 1)
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        await turn.commit(c, deliver(1, events=(ENDED,)), NOW)
    async with db.write() as c:
        assert await turn.commit(c, first_turn(1, chain="run-2"), NOW) == Committed(stale=True)
    assert await _rows(db) == {"journal": 5, "outbox": 1, "opening": 1}


async def test_of_two_chains_that_open_with_the_same_message_the_later_goes_on(db: Database) -> None:
    await _receive(db, 1)

    async def commit(chain: str) -> Committed:
        async with db.write() as c:
            return await turn.commit(c, first_turn(1, chain=chain), NOW)

    first, second = await asyncio.gather(commit("run-1"), commit("run-2"))
    assert first == second
    assert await _rows(db) == {"journal": 4, "outbox": 1, "opening": 1}


async def test_a_message_read_in_an_older_conversation_opens_no_new_one(db: Database) -> None:
    await _receive(db, 1, 2)
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        await turn.commit(c, deliver(1, consumed=(message_id(2),), events=(ENDED, received(6, 2, late=True))), NOW)
    async with db.write() as c:
        assert (await turn.commit(c, first_turn(2, chain="run-2"), NOW)).stale


async def test_a_message_that_no_inbox_row_holds_any_more_opens_nothing_twice(db: Database) -> None:
    async with db.write() as c:
        assert not (await turn.commit(c, first_turn(1), NOW)).stale
        assert not (await turn.commit(c, first_turn(1), NOW)).stale
        await turn.commit(c, deliver(1, events=(ENDED,)), NOW)
        assert (await turn.commit(c, first_turn(1, chain="run-2"), NOW)).stale


async def test_protocols_count_from_one_each_day_of_the_company(db: Database) -> None:
    evening, night = datetime(2026, 3, 3, 2, 59, tzinfo=UTC), datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
    async with db.write() as c:
        given = [
            (await turn.commit(c, first_turn(number, workflow_id=f"w{number}"), now)).protocol
            for number, now in enumerate((NOW, evening, night), 1)
        ]
        other_zone = await turn.commit(c, first_turn(4, workflow_id="w4", zone="Asia/Tokyo"), NOW)
    assert given == ["20260302-000001", "20260302-000002", "20260303-000001"]
    assert other_zone.protocol == "20260302-000003"


async def test_conversations_that_open_at_once_get_different_protocols(db: Database) -> None:
    async def opened(number: int) -> str:
        async with db.write() as c:
            return (await turn.commit(c, first_turn(number, workflow_id=f"w{number}"), NOW)).protocol

    given = await asyncio.gather(*(opened(number) for number in range(10)))
    assert sorted(given) == [f"20260302-{number:06d}" for number in range(1, 11)]


async def test_an_unknown_time_zone_is_the_settings_fault(db: Database) -> None:
    async with db.write() as c:
        with pytest.raises(SettingsError, match="America/Nowhere"):
            await turn.commit(c, first_turn(1, zone="America/Nowhere"), NOW)


async def test_a_later_turn_appends_and_does_not_repeat_what_the_opening_answered(db: Database) -> None:
    await _receive(db, 1, 2)
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
    later_turn = deliver(
        1,
        consumed=(message_id(2),),
        events=(received(5, 2), event(6, "message_sent", card="menu", text="...")),
        says={6: "..."},
    )
    async with db.write() as c:
        committed = await turn.commit(c, later_turn, later(5))
    assert (committed.protocol, committed.entry) == ("", "")
    assert list(committed.parts) == [6]
    async with db.read() as c:
        assert [row.seq for row in await conversations.events(c, message_id(1))] == [1, 2, 3, 4, 5, 6]
        assert [row.seq for row in await conversations.events(c, message_id(1), after=4)] == [5, 6]
        chains = select(inbox_table.c.consumed_by_chain).distinct()
        assert (await c.scalars(chains)).all() == ["run-1"]


async def test_a_turn_that_the_journal_tells_otherwise_is_not_written(db: Database) -> None:
    await _receive(db, 1, 2)
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
    changed = deliver(
        1,
        consumed=(message_id(2),),
        events=(event(4, "message_sent", card="greet", text="Oi"), received(5, 2)),
        says={4: "Oi", 6: "Tchau"},
    )
    with pytest.raises(turn.Diverged) as diverged:
        async with db.write() as c:
            await turn.commit(c, changed, NOW)
    assert [(found.seq, found.stored_kind, found.kind) for found in diverged.value.divergences] == [
        (4, "message_sent", "message_sent")
    ]
    assert await _rows(db) == {"journal": 4, "outbox": 1, "opening": 1}
    async with db.read() as c:
        states = (await c.scalars(select(inbox_table.c.state).order_by(inbox_table.c.id))).all()
    assert states == ["consumed", "received"]


async def test_the_same_event_at_another_time_is_no_divergence(db: Database) -> None:
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        again = deliver(1, events=(event(4, "message_sent", card="greet", at=later(60), text="Olá, Ana!"),))
        assert (await turn.commit(c, again, NOW)).parts == {}


async def test_an_opening_repeated_after_a_publication_keeps_the_version_it_found(db: Database) -> None:
    await _receive(db, 1)
    publication: dict[str, Any] = {"name": "support", "content": {}, "calls": {}, "by": "test"}
    async with db.write() as c:
        await flows.publish(c, version="a" * 64, now=NOW, **publication)
        first = await turn.commit(c, first_turn(1), NOW)
    async with db.write() as c:
        await flows.publish(c, version="b" * 64, now=later(1), **publication)
        again = await turn.commit(c, first_turn(1), later(2))
    assert (first.entry, again.entry) == ("a" * 64, "a" * 64)
