import asyncio
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import get_args

import pytest

from domain.errors import UnknownNameError
from domain.message import PartState
from journal import outbox, turn
from journal.database import Database
from journal.outbox import PartRow
from tests.journal.factory import ACCOUNT, NOW, deliver, first_turn, later, message_id

ID = message_id(1)


@pytest.fixture(autouse=True)
async def conversation(db: Database) -> None:
    """One queued part: seq 4."""
    async with db.write() as c:
        await turn.commit(c, first_turn(1), NOW)


async def _sending(db: Database, *, again: bool = False) -> PartRow:
    async with db.write() as c:
        return await outbox.sending(c, ID, 4, timedelta(seconds=7), again=again)


async def _settle(
    db: Database, state: PartState, *, external_id: str = "", marked: bool = False, attempt: int | None = None
) -> PartRow:
    async with db.write() as c:
        await outbox.settle(
            c, ID, 4, state=state, external_id=external_id, now=later(2), marked=marked, attempt=attempt
        )
        return (await outbox.parts(c, ID))[0]


async def _report(db: Database, state: PartState, *, reason: str = "") -> PartRow | None:
    async with db.write() as c:
        return await outbox.report(c, ACCOUNT, "wamid.out", state, reason, later(3))


async def _part(db: Database) -> PartRow:
    async with db.read() as c:
        return (await outbox.parts(c, ID))[0]


async def test_a_part_is_sent_in_two_steps(db: Database) -> None:
    begun = await _sending(db)
    assert (begun.state, begun.attempts, begun.ambiguous) == ("sending", 1, False)
    assert begun.part.text == "Olá, Ana!"
    sent = await _settle(db, "sent", external_id="wamid.out")
    assert (sent.state, sent.external_id, sent.repeated) == ("sent", "wamid.out", False)
    assert await _part(db) == sent


async def test_a_part_found_in_sending_is_ambiguous(db: Database) -> None:
    await _sending(db)
    again = await _sending(db)
    assert (again.state, again.attempts, again.ambiguous) == ("sending", 1, True)
    async with db.write() as c:
        assert (await turn.commit(c, first_turn(1), NOW)).parts[4].ambiguous


async def test_how_long_an_attempt_may_last_is_told_by_the_clock_of_the_database(db: Database) -> None:
    begun = await _sending(db)
    assert begun.sending_until is not None
    assert abs(begun.sending_until - datetime.now(UTC) - timedelta(seconds=7)) < timedelta(seconds=2)
    found = await _sending(db)
    assert found.sending_until == begun.sending_until
    assert timedelta(seconds=5) < found.under_way <= timedelta(seconds=7)
    await asyncio.sleep(0.05)
    assert (await _sending(db)).under_way <= found.under_way - timedelta(milliseconds=50)


async def test_an_attempt_that_may_have_arrived_beside_a_newer_one_marks_the_part(db: Database) -> None:
    older = await _sending(db)
    newer = await _sending(db, again=True)
    assert not (await _settle(db, "sent", external_id="wamid.out", attempt=newer.attempts)).repeated
    late = await _settle(db, "unknown", attempt=older.attempts)
    assert (late.state, late.repeated) == ("sent", True)


async def test_of_many_senders_at_once_one_may_send(db: Database) -> None:
    begun = await asyncio.gather(*(_sending(db) for _ in range(6)))
    assert [part.ambiguous for part in begun].count(False) == 1


async def test_an_ambiguous_part_is_sent_again_only_when_asked_for(db: Database) -> None:
    await _sending(db)
    again = await _sending(db, again=True)
    assert (again.state, again.attempts, again.ambiguous) == ("sending", 2, False)
    assert (await _settle(db, "sent", external_id="wamid.out", marked=True)).repeated
    assert (await _report(db, "delivered") or again).repeated


async def test_a_part_proven_not_sent_is_queued_again(db: Database) -> None:
    await _sending(db)
    assert (await _settle(db, "queued")).state == "queued"
    assert (await _sending(db)).attempts == 2


async def test_a_sent_part_is_never_begun_again(db: Database) -> None:
    await _sending(db)
    await _settle(db, "sent", external_id="wamid.out")
    found = await _sending(db, again=True)
    assert (found.state, found.attempts, found.ambiguous) == ("sent", 1, False)


async def test_a_part_that_does_not_exist_is_told(db: Database) -> None:
    async with db.write() as c:
        with pytest.raises(UnknownNameError, match="no outbox part 99"):
            await outbox.sending(c, ID, 99, timedelta())


@pytest.mark.parametrize("order", list(permutations(("sent", "delivered", "read"))))
async def test_statuses_in_any_order_end_at_the_highest(db: Database, order: tuple[PartState, ...]) -> None:
    await _sending(db)
    await _settle(db, "sent", external_id="wamid.out")
    for state in order:
        await _report(db, state)
    assert (await _part(db)).state == "read"


async def test_a_failure_is_believed_until_the_message_was_delivered(db: Database) -> None:
    await _sending(db)
    await _settle(db, "sent", external_id="wamid.out")
    await _report(db, "failed", reason="131047 re-engagement")
    failed = await _part(db)
    assert (failed.state, failed.reason) == ("failed", "131047 re-engagement")
    await _report(db, "sent")
    assert (await _part(db)).state == "failed"
    await _report(db, "delivered")
    await _report(db, "failed")
    assert (await _part(db)).state == "delivered"


async def test_a_sender_slower_than_the_provider_takes_nothing_back(db: Database) -> None:
    await _sending(db)
    await _settle(db, "sent", external_id="wamid.out")
    await _report(db, "read")
    assert (await _settle(db, "sent", external_id="wamid.out")).state == "read"
    assert (await _settle(db, "queued")).state == "read"


async def test_a_report_earlier_than_our_own_note_is_kept_for_it(db: Database) -> None:
    await _sending(db)
    assert await _report(db, "delivered") is None
    assert await _report(db, "sent") is None
    assert (await _settle(db, "sent", external_id="wamid.out")).state == "delivered"
    assert await _part(db) == await _report(db, "sent")


async def test_a_report_not_yet_committed_is_waited_for(db: Database) -> None:
    await _sending(db)
    async with db.write() as c:
        await outbox.report(c, ACCOUNT, "wamid.out", "failed", "", NOW)
        settling = asyncio.create_task(_settle(db, "sent", external_id="wamid.out"))
        await asyncio.sleep(0.2)
    assert (await settling).state == "failed"


async def test_a_note_not_yet_committed_is_waited_for_by_the_report(db: Database) -> None:
    await _sending(db)
    async with db.write() as c:
        await outbox.settle(c, ID, 4, state="sent", external_id="wamid.out", now=NOW)
        reporting = asyncio.create_task(_report(db, "failed"))
        await asyncio.sleep(0.2)
    assert await reporting is not None
    assert (await _part(db)).state == "failed"


async def test_the_same_external_id_on_another_account_is_another_message(db: Database) -> None:
    await _sending(db)
    await _settle(db, "sent", external_id="wamid.out")
    async with db.write() as c:
        assert await outbox.report(c, "another", "wamid.out", "failed", "", NOW) is None
    assert (await _part(db)).state == "sent"


async def test_unknown_parts_are_listed_and_all_are_counted(db: Database) -> None:
    async with db.write() as c:
        await turn.commit(c, deliver(1, says={5: "second", 6: "third"}), NOW)
    await _sending(db)
    await _settle(db, "unknown")
    async with db.read() as c:
        assert [(part.seq, part.part.text) for part in await outbox.unknown(c)] == [(4, "Olá, Ana!")]
        assert await outbox.counts(c) == {"queued": 2, "unknown": 1}


@pytest.mark.parametrize("state", get_args(PartState))
async def test_every_state_of_a_part_can_be_settled(db: Database, state: PartState) -> None:
    await _sending(db)
    assert (await _settle(db, state)).state == state
