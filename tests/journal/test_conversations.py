from datetime import datetime, timedelta

import pytest

from domain.errors import UnknownNameError
from domain.event import Event
from journal import conversations, inbox, outbox, turn
from journal.database import Database
from tests.journal.factory import ACCOUNT, ADDRESS, NOW, deliver, event, first_turn, later, message_id


@pytest.fixture(autouse=True)
async def three(db: Database) -> None:
    """Three conversations: the first has ended; the third is another contact's and the newest."""
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)
        await turn.commit(c, deliver(1, events=(event(5, "conversation_ended", resolution="solved"),)), NOW)
        await turn.commit(c, first_turn(2), NOW)
        other = {"address": "5521911112222", "account": "telegram-main", "workflow_id": "conversation:telegram-main:x"}
        third = first_turn(3, **other)
        newer = tuple(happened.model_copy(update={"at": later(60)}) for happened in third.events)
        await turn.commit(c, third.model_copy(update={"events": newer}), later(60))


async def test_all_are_found_the_newest_first(db: Database) -> None:
    async with db.read() as c:
        found = await conversations.find(c)
        assert found[0].conversation_id == message_id(3)
        assert {row.conversation_id for row in found} == {message_id(1), message_id(2), message_id(3)}
        assert len(await conversations.find(c, limit=2)) == 2


async def test_they_are_found_by_their_tags_as_long_as_they_have_them(db: Database) -> None:
    async with db.write() as c:
        await turn.commit(c, deliver(1, events=(event(6, "tag_added", tag="vip"), event(7, "tag_added", tag="a"))), NOW)
        await turn.commit(c, deliver(2, events=(event(5, "tag_added", tag="vip"),)), NOW)
        await turn.commit(c, deliver(1, events=(event(8, "tag_removed", tag="vip"),)), NOW)
    async with db.read() as c:
        assert [row.tags for row in await conversations.find(c, tag="vip")] == [("vip",)]
        assert [row.conversation_id for row in await conversations.find(c, tag="vip", flow="support")] == [
            message_id(2)
        ]
        assert [row.tags for row in await conversations.find(c, tag="a")] == [("a",)]


async def test_they_are_found_by_each_thing_and_by_several(db: Database) -> None:
    async with db.read() as c:

        async def ids(**wanted: str) -> set[str]:
            return {row.conversation_id for row in await conversations.find(c, **wanted)}  # pyright: ignore[reportArgumentType]

        assert await ids(protocol="20260302-000002") == {message_id(2)}
        assert await ids(address=ADDRESS) == {message_id(1), message_id(2)}
        assert await ids(account="telegram-main") == {message_id(3)}
        assert await ids(flow="support", stage="ended") == {message_id(1)}
        assert await ids(flow="support", stage="queue") == set()


async def test_who_waits_for_people_is_found_the_most_urgent_and_then_the_longest_waiting_first(db: Database) -> None:
    async with db.write() as c:
        for number in (4, 5):
            await turn.commit(c, first_turn(number, address=f"{number}", workflow_id=f"conversation:x:{number}"), NOW)
        for number, minutes, priority in ((2, 3, "normal"), (3, 2, "high"), (4, 1, "normal"), (5, 4, "high")):
            asked = event(6, "handed_over", queue="main").model_copy(update={"at": later(minutes * 60)})
            await turn.commit(c, deliver(number, events=(event(5, "priority_set", priority=priority), asked)), NOW)
    async with db.read() as c:
        waiting = [row.conversation_id for row in await conversations.find(c, stage="queue")]
    assert waiting == [message_id(number) for number in (3, 5, 4, 2)]


async def test_who_has_one_is_who_joined_after_it_was_last_passed_to_people(db: Database) -> None:
    passed = (event(5, "handed_over", queue="main", note="a"), event(6, "agent_joined", by="bia", at=later(1)))
    again = (event(7, "handover_resolved", by="bia"), event(8, "exit_taken", exit="resolved"))
    once_more = (event(9, "handed_over", queue="support", note="b"),)

    async def seen(*events: Event) -> tuple[str, str, datetime | None]:
        async with db.write() as c:
            await turn.commit(c, deliver(2, events=events), NOW)
            [row] = await conversations.find(c, protocol="20260302-000002")
            assert row == await conversations.get(c, message_id(2))
        return row.note, row.agent, row.agent_since

    assert await seen(*passed) == ("a", "bia", later(1))
    assert await seen(*again) == ("", "", None)
    assert await seen(*once_more) == ("b", "", None)


async def test_one_that_waits_at_a_card_which_has_written_nothing_stands_there(db: Database) -> None:
    async with db.write() as c:
        left = event(5, "exit_taken", card="greet", exit="done", target="wait")
        await turn.commit(c, deliver(2, events=(left,)), NOW)
    async with db.read() as c:
        cards = {row.conversation_id: row.card for row in await conversations.find(c, stage="bot")}
        assert cards == {message_id(2): "wait", message_id(3): "greet"}
    async with db.write() as c:
        await turn.commit(c, deliver(2, events=(event(6, "message_received", card="wait", text="oi"),)), NOW)
        await turn.commit(c, deliver(2, events=(event(7, "message_sent", card="bye", text="."),)), NOW)
    async with db.read() as c:
        assert {row.card for row in await conversations.find(c, stage="bot")} == {"bye", "greet"}


@pytest.mark.parametrize("name", [message_id(2), message_id(2)[:8], "20260302-000002"])
async def test_one_is_got_by_id_protocol_or_a_beginning(db: Database, name: str) -> None:
    async with db.read() as c:
        row = await conversations.get(c, name)
    assert (row.conversation_id, row.account, row.address, row.name) == (message_id(2), ACCOUNT, ADDRESS, "Ana")
    assert (row.flow, row.flow_version, row.flow_number, row.card, row.turns) == ("support", "v1", 1, "greet", 1)


async def test_an_unknown_name_is_told(db: Database) -> None:
    async with db.read() as c:
        with pytest.raises(UnknownNameError, match="no conversation has the id or protocol '%'"):
            await conversations.get(c, "%")


async def test_a_beginning_of_several_names_them(db: Database) -> None:
    async with db.read() as c:
        with pytest.raises(UnknownNameError, match="20260302-000001, 20260302-000002, 20260302-000003"):
            await conversations.get(c, "20260302")


async def test_a_terminated_conversation_is_ended_and_says_who_and_why(db: Database) -> None:
    async with db.write() as c:
        written = await conversations.terminated(c, message_id(2), "ana", "workflow was reset", later(9))
    assert written is not None
    async with db.read() as c:
        row = await conversations.get(c, message_id(2))
        last = (await conversations.events(c, message_id(2)))[-1]
        assert await inbox.workflow_for(c, ACCOUNT, ADDRESS) is None
    assert (row.stage, row.resolution, row.ended_at, row.last_seq) == ("ended", "terminated", later(9), 5)
    assert (last.seq, last.kind, last.data) == (
        5,
        "conversation_terminated",
        {"by": "ana", "reason": "workflow was reset"},
    )


async def test_what_a_terminated_conversation_had_to_say_does_not_stay_open(db: Database) -> None:
    async with db.write() as c:
        await turn.commit(c, deliver(2, says={5: "second"}), NOW)
        await outbox.sending(c, message_id(2), 5, timedelta())
        await conversations.terminated(c, message_id(2), "ana", "", later(9))
        assert [part.state for part in await conversations.parts(c, message_id(2))] == ["failed", "unknown"]
        assert (await outbox.counts(c))["queued"] == 2


async def test_terminating_what_has_ended_adds_no_event(db: Database) -> None:
    async with db.write() as c:
        assert await conversations.terminated(c, message_id(1), "ana", "", later(9)) is None
        assert (await conversations.get(c, message_id(1))).resolution == "solved"
        await conversations.terminated(c, message_id(2), "ana", "", later(9))
        assert await conversations.terminated(c, message_id(2), "bia", "", later(9)) is None
