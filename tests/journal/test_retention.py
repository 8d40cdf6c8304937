import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from domain.message import FileContent, FileRef
from journal import inbox, outbox, references, retention, sessions, turn
from journal.database import Database
from journal.files import FileStore
from journal.retention import Cutoffs
from journal.sessions import SessionLink
from journal.tables import contact, conversation, ended_session, journal, lane, opening, route, session_link
from journal.tables import inbox as inbox_table
from journal.tables import outbox as outbox_table
from runtime.sections import RetentionSection
from tests.journal.factory import (
    ADDRESS,
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

PERIODS = RetentionSection(inbox_days=30, outbox_days=90, journal_days=365, early_report_days=10, files_days=30)
LONG_AFTER = 1_000


def cutoffs(days: float) -> Cutoffs:
    return Cutoffs.at(NOW + timedelta(days=days), PERIODS)


async def talk(db: Database, number: int, *, ended: bool = True, sent: str = "sent", **changes: Any) -> None:
    """One conversation of an address of its own: opened by message *number*, one part, and perhaps its end."""
    address = {"address": f"{ADDRESS}{number}"}
    workflow = f"conversation:whatsapp-main:{number:024d}"
    async with db.write() as c:
        await inbox.receive(c, inbox_item(number, workflow_id=workflow, **address), owner="a", lease=LEASE, now=NOW)
        await inbox.forwarded(c, {message_id(number): later(60)}, now=NOW)
        await turn.commit(c, first_turn(number, workflow_id=workflow, **address, **changes), NOW)
        await outbox.sending(c, message_id(number), 4, timedelta())
        if sent != "sending":
            await outbox.settle(c, message_id(number), 4, state="sent" if sent == "sent" else "unknown", now=NOW)
        if ended:
            end = event(5, "conversation_ended", resolution="resolved")
            await turn.commit(c, deliver(number, events=(end,)), NOW)


async def rows(db: Database) -> dict[str, int]:
    tables = (inbox_table, outbox_table, journal, opening, conversation, route, contact, lane)
    async with db.read() as c:
        return {t.name: await c.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


async def remove(db: Database, days: float, batch: int = retention.BATCH) -> dict[str, int]:
    gone: dict[str, int] = {}
    async for name, number in retention.remove(db, cutoffs(days), batch):
        gone[name] = gone.get(name, 0) + number
    return gone


async def test_each_table_is_kept_for_its_own_time(db: Database) -> None:
    await talk(db, 1)

    assert await remove(db, 29) == {}
    assert await remove(db, 31) == {"inbox": 1, "lane": 1}
    assert await remove(db, 89) == {}
    assert await remove(db, 91) == {"outbox": 1}
    assert await remove(db, 364) == {}
    assert await remove(db, 366) == {"conversation": 1, "contact": 1}
    assert set((await rows(db)).values()) == {0}


async def test_what_is_counted_is_what_is_removed(db: Database) -> None:
    for number in range(1, 6):
        await talk(db, number)
    async with db.read() as c:
        due = await retention.count(c, cutoffs(LONG_AFTER))
    assert due["inbox"] == due["outbox"] == due["conversation"] == due["contact"] == 5
    gone = await remove(db, LONG_AFTER, batch=2)
    assert {name: gone.get(name, 0) for name in due if name != "lane"} == {k: v for k, v in due.items() if k != "lane"}
    assert set((await rows(db)).values()) == {0}


async def test_nothing_of_an_open_conversation_is_touched(db: Database) -> None:
    await talk(db, 1, ended=False)
    before = await rows(db)
    assert await remove(db, LONG_AFTER) == {}
    assert await rows(db) == before


async def test_a_conversation_with_an_undecided_message_stays(db: Database) -> None:
    await talk(db, 1, sent="unknown")
    await talk(db, 2, sent="sending")
    await remove(db, LONG_AFTER)
    left = await rows(db)
    assert (left["conversation"], left["outbox"], left["opening"]) == (2, 2, 2)


async def test_what_nobody_has_read_stays_and_so_does_its_contact(db: Database) -> None:
    async with db.write() as c:
        await inbox.receive(c, inbox_item(1), owner="a", lease=LEASE, now=NOW)
    before = await rows(db)
    assert await remove(db, LONG_AFTER) == {}
    assert await rows(db) == before


async def test_a_dead_message_stays_as_long_as_a_conversation(db: Database) -> None:
    async with db.write() as c:
        await inbox.receive(c, inbox_item(1), owner="a", lease=LEASE, now=NOW)
        await inbox.bury(c, message_id(1), "nobody could read it")
    assert await remove(db, 364) == {}
    assert (await remove(db, 366))["inbox"] == 1


async def test_what_opened_a_conversation_stays_while_its_inbox_row_does(db: Database) -> None:
    """Else a repeat that Temporal tells late would find the row its own, and no opening: it would open again."""
    await talk(db, 1)
    short = RetentionSection(inbox_days=500, journal_days=1)
    async with db.write() as c:
        await c.execute(update(conversation).values(ended_at=NOW - timedelta(days=100)))
    gone = [name async for name, _ in retention.remove(db, Cutoffs.at(later(60), short))]
    assert "conversation" not in gone

    async with db.write() as c:
        again = await turn.commit(c, first_turn(1, chain="another-run"), NOW)
    assert again.stale


async def test_a_repeat_that_comes_after_its_inbox_row_has_gone_does_not_open_its_conversation_again(
    db: Database,
) -> None:
    await talk(db, 1)
    await remove(db, 31)
    async with db.write() as c:
        again = await inbox.receive(c, inbox_item(1), owner="a", lease=LEASE, now=later(60))
        told = await turn.commit(c, first_turn(1, chain="another-run"), NOW)
    assert again.new  # the inbox has forgotten it
    assert told.stale  # the conversation has not


async def test_a_lane_that_is_busy_stays(db: Database) -> None:
    await talk(db, 1)
    async with db.write() as c:
        await c.execute(update(lane).values(message_id="somebody-stands-here"))
    assert "lane" not in await remove(db, 31)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # SQLite has one writer
async def test_a_lane_that_somebody_is_entering_stays(db: Database) -> None:
    workflow = f"conversation:whatsapp-main:{1:024d}"
    await talk(db, 1)
    async with db.write() as c:
        await c.execute(inbox_table.delete())
    async with db.write() as c:
        await inbox.receive(c, inbox_item(2, workflow_id=workflow), owner="a", lease=LEASE, now=NOW)
        assert await remove(db, 31) == {}
    async with db.read() as c:
        assert await inbox.waiting(c, now=later(60), limit=9) == [workflow]


async def test_a_file_is_kept_while_a_row_names_it(db: Database, tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    said, heard, nobodys = (
        store.put(FileContent(name=name, mime="text/plain", data=name.encode())) for name in ("a", "b", "c")
    )
    file = heard.model_dump(mode="json")
    await talk(db, 1)
    async with db.write() as c:
        sent = event(6, "message_sent", file=said.model_dump(mode="json"))
        await turn.commit(c, deliver(1, events=(sent, received(7, 2, files=[file]))), NOW)
        assert await references.unreferred(c, [said.id, heard.id, nobodys.id]) == {nobodys.id}


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def put(store: FileStore) -> FileRef:
    return store.put(FileContent(name="a.txt", mime="text/plain", data=b"a"))


def test_only_files_that_were_put_long_ago_are_aged(store: FileStore) -> None:
    file, now = put(store), datetime.now(UTC)
    assert list(store.aged(now - timedelta(hours=1))) == []
    assert list(store.aged(now + timedelta(hours=1))) == [file.id]


def test_a_file_that_is_put_again_is_young_again(store: FileStore) -> None:

    file = put(store)
    os.utime(store.path(file.id), (0, 0))
    between = datetime.now(UTC) - timedelta(hours=1)
    assert list(store.aged(between)) == [file.id]
    put(store)
    assert list(store.aged(between)) == []
    assert not store.discard(file.id, between)
    assert store.read(file) == b"a"


def test_an_old_file_is_discarded_and_can_be_put_again(store: FileStore) -> None:
    file = put(store)
    soon = datetime.now(UTC) + timedelta(hours=1)
    assert store.discard(file.id, soon)
    assert not store.path(file.id).exists()
    assert list(store.path(file.id).parent.iterdir()) == []
    assert not store.discard(file.id, soon)
    assert store.read(put(store)) == b"a"


async def test_links_go_when_they_are_good_no_longer_and_ends_of_sessions_with_their_last_token(db: Database) -> None:
    async with db.write() as c:
        link = SessionLink(account="site", session="s", begun=0, until=NOW + timedelta(minutes=15))
        await sessions.keep_link(c, "code", link)
        await sessions.end(c, "site", "s", "visitor", NOW)

    async def left() -> tuple[int, int]:
        async with db.read() as c:
            links = await c.scalar(select(func.count()).select_from(session_link))
            return links or 0, await c.scalar(select(func.count()).select_from(ended_session)) or 0

    for days, expected in ((1, (1, 1)), (1.1, (0, 1)), (30, (0, 1)), (30.1, (0, 0))):
        _ = [name async for name in retention.remove(db, cutoffs(days))]
        assert await left() == expected, days
