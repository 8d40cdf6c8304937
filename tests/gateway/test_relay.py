import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs
from temporalio.service import RPCError, RPCStatusCode

from domain.conversation import Contact, Setup
from domain.effect import Deliver
from domain.event import Event
from domain.message import Inbound, Part
from gateway import forward_marks
from gateway.relay import LEASE, Relay
from journal import inbox, turn
from journal.database import Database
from journal.inbox import InboxItem, ReceiveResult
from journal.tables import inbox as rows
from journal.transaction import Transaction
from tests.gateway.fakes import FakeTemporal, Gateway, SentSignal, eventually, gateway, invalid, unavailable
from tests.gateway.signing import message, post

LANE = "conversation:front:aaaa"


class Clock:
    """A clock that goes on by itself, and can be set forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def setup_for(account: str, address: str, name: str) -> Setup | None:
    if account == "removed":
        return None
    return Setup(account=account, channel="http", flow="main", contact=Contact(address=address, name=name))


@asynccontextmanager
async def relaying(
    database: Database, temporal: FakeTemporal, owner: str = "one", clock: Callable[[], datetime] | None = None
) -> AsyncGenerator[Relay]:
    relay = Relay(database, temporal.client, setup_for, owner, clock=clock or Clock())
    task = asyncio.create_task(relay.run())
    yield relay
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await relay.close()


async def arrive(
    database: Database, number: int | str, *, lane: str = LANE, account: str = "front", owner: str = "dead"
) -> ReceiveResult:
    now = datetime.now(UTC)
    inbox_item = InboxItem(
        account=account,
        channel="http",
        provider_message_id=f"{lane}:{number}",
        workflow_id=lane,
        address=lane,
        payload=Inbound(message_id="", at=now, text=f"{number}"),
        received_at=now,
    )
    async with database.write() as c:
        return await inbox.receive(c, inbox_item, owner=owner, lease=LEASE, now=now)


def answer_to(message_id: str) -> Deliver:
    """Return a turn that reads a message, and has something to say."""
    seq = int(message_id, 16) % 1_000_000
    return Deliver(
        conversation_id="c",
        account="front",
        channel="http",
        address=LANE,
        consumed=(message_id,),
        events=(Event(seq=seq, kind="message_sent", at=datetime.now(UTC)),),
        parts=(Part(seq=seq, text="..."),),
    )


async def states(database: Database) -> list[str]:
    async with database.read() as c:
        return [row.state for row in await c.execute(select(rows.c.state).order_by(rows.c.id))]


async def test_an_open_conversation_is_signalled_without_its_setup_and_begun_anew_when_it_has_ended(
    database: Database, temporal: FakeTemporal
) -> None:
    ended = RPCError("workflow execution already completed", RPCStatusCode.NOT_FOUND, b"")
    async with relaying(database, temporal):
        await arrive(database, 0)
        await eventually(lambda: len(temporal.signals) == 1)
        await arrive(database, 1)
        await eventually(lambda: len(temporal.signals) == 2)
        temporal.failure = lambda signal: None if signal.flow else ended
        await arrive(database, 2)
        await eventually(lambda: len(temporal.signals) == 3)
    assert [(signal.text, signal.flow) for signal in temporal.signals] == [("0", "main"), ("1", ""), ("2", "main")]
    assert temporal.attempts == 4


async def test_what_a_dead_gateway_acknowledged_is_told_in_order(database: Database, temporal: FakeTemporal) -> None:
    for number in range(5):
        await arrive(database, number)
    async with relaying(database, temporal, owner="two"):
        await eventually(lambda: len(temporal.signals) == 5)
    assert temporal.texts == ["0", "1", "2", "3", "4"]
    assert await states(database) == ["forwarded"] * 5


async def test_what_a_gateway_that_stops_has_not_told_is_for_others_at_once(
    database: Database, temporal: FakeTemporal
) -> None:
    temporal.seconds = 60
    await arrive(database, 0, owner="another", lane="conversation:front:other")
    async with relaying(database, temporal, owner="one") as relay:
        await arrive(database, 1, owner="one")
        async with database.write() as c:
            await inbox.let_go(c, "one")
        relay.wake(LANE)
        await eventually(lambda: temporal.attempts == 1)
    now = datetime.now(UTC)
    async with database.write() as c:
        left = [
            await inbox.claim(c, lane, owner="two", lease=LEASE, now=now) for lane in (LANE, "conversation:front:other")
        ]
    assert [one.payload.text if one else None for one in left] == ["1", None]


async def test_a_conversation_that_was_cut_off_in_its_answer_is_told_its_last_message_again_once(
    database: Database, temporal: FakeTemporal
) -> None:
    for number in range(2):
        message_id = (await arrive(database, number)).message_id
        async with database.write() as c:
            await turn.commit(c, answer_to(message_id), datetime.now(UTC))
    temporal.failure = lambda _: unavailable() if temporal.attempts == 1 else None
    async with relaying(database, temporal):
        await eventually(lambda: temporal.texts == ["1"])
        await arrive(database, 2)
        await eventually(lambda: len(temporal.signals) > 1)
    assert temporal.texts == ["1", "2"]
    assert await states(database) == ["consumed", "consumed", "forwarded"]


async def test_while_temporal_is_away_everything_is_acknowledged_and_told_when_it_is_back(
    site: Gateway,
) -> None:
    temporal = site.temporal
    temporal.failure = lambda _: unavailable()
    for number in range(20):
        answer = await post(site, message(number, text=f"{number}", sender="a" if number % 2 else "b"))
        assert answer.status_code == 200
    await eventually(lambda: temporal.attempts > 0)
    assert temporal.signals == []
    temporal.failure = lambda _: None
    await eventually(lambda: len(temporal.signals) == 20)
    for sender in range(2):
        assert [text for text in temporal.texts if int(text) % 2 == sender] == [f"{n}" for n in range(sender, 20, 2)]
    assert len({signal.request_id for signal in temporal.signals}) == 20


async def test_while_temporal_is_away_only_one_conversation_at_a_time_tries(
    database: Database, temporal: FakeTemporal
) -> None:
    for number in range(50):
        await arrive(database, 0, lane=f"conversation:front:{number}")
    temporal.failure = lambda _: unavailable()
    clock = Clock()
    clock.ahead = LEASE
    async with relaying(database, temporal, clock=clock) as relay:
        await eventually(lambda: relay.away)
        await asyncio.sleep(0.3)  # the calls that were under way with the first one
        first = temporal.attempts
        await asyncio.sleep(2.2)
        assert temporal.attempts <= first + 3
        temporal.failure = lambda _: None
        clock.ahead += timedelta(seconds=10)
        await eventually(lambda: len(temporal.signals) == 50)
        assert not relay.away


async def test_an_sdk_that_cannot_connect_is_temporal_being_away(database: Database, temporal: FakeTemporal) -> None:
    await arrive(database, 0)
    temporal.failure = lambda _: RuntimeError("Failed client connect")
    with capture_logs() as logs:
        async with relaying(database, temporal, clock=lambda: datetime.now(UTC) + LEASE) as relay:
            await eventually(lambda: relay.away)
            temporal.failure = lambda _: None
            await eventually(lambda: temporal.texts == ["0"])
    assert [log["event"] for log in logs if log["event"].startswith("temporal")] == ["temporal_away", "temporal_back"]


async def test_a_run_that_takes_no_more_signals_keeps_its_messages_in_order(
    database: Database, temporal: FakeTemporal
) -> None:
    full = invalid("exceeded workflow execution limit for signal events")
    temporal.failure = lambda _: full
    for number in range(3):
        await arrive(database, number)
    clock = Clock()
    clock.ahead = LEASE
    async with relaying(database, temporal, clock=clock) as relay:
        await eventually(lambda: temporal.attempts >= 2)
        assert not relay.away
        assert await states(database) == ["received"] * 3
        temporal.failure = lambda _: None
        clock.ahead += timedelta(minutes=1)
        await eventually(lambda: len(temporal.signals) == 3)
    assert temporal.texts == ["0", "1", "2"]


@pytest.mark.parametrize("reason", ["Blob data size exceeds limit.", "BLOB DATA SIZE exceeds"])
async def test_a_message_too_large_for_temporal_is_buried_and_the_next_goes_on(
    database: Database, temporal: FakeTemporal, reason: str
) -> None:
    def failure(signal: SentSignal) -> Exception | None:
        return invalid(reason) if signal.text == "0" else None

    temporal.failure = failure
    for number in range(3):
        await arrive(database, number)
    with capture_logs() as logs:
        async with relaying(database, temporal):
            await eventually(lambda: temporal.texts == ["1", "2"])
    assert await states(database) == ["dead", "forwarded", "forwarded"]
    assert [(log["event"], log["log_level"]) for log in logs if log["log_level"] == "error"] == [
        ("message_buried", "error")
    ]


async def test_another_refusal_is_retried_and_nothing_is_lost(database: Database, temporal: FakeTemporal) -> None:
    temporal.failure = lambda _: invalid("Namespace default has no mapping defined for search attribute ProsaAccount")
    await arrive(database, 0)
    clock = Clock()
    clock.ahead = LEASE
    async with relaying(database, temporal, clock=clock):
        await eventually(lambda: temporal.attempts >= 2)
        temporal.failure = lambda _: None
        clock.ahead += timedelta(minutes=1)
        await eventually(lambda: temporal.texts == ["0"])


async def test_one_conversation_that_is_refused_does_not_hold_up_another(
    database: Database, temporal: FakeTemporal
) -> None:
    temporal.failure = lambda signal: invalid("no") if signal.workflow_id == LANE else None
    await arrive(database, "stuck")
    await arrive(database, "free", lane="conversation:front:bbbb")
    async with relaying(database, temporal, clock=lambda: datetime.now(UTC) + LEASE):
        await eventually(lambda: temporal.texts == ["free"])


async def test_what_is_forwarded_and_not_consumed_is_told_again_after_a_minute(
    database: Database, temporal: FakeTemporal
) -> None:
    await arrive(database, 0)
    clock = Clock()
    clock.ahead = LEASE
    async with relaying(database, temporal, clock=clock):
        await eventually(lambda: len(temporal.signals) == 1)
        clock.ahead += timedelta(seconds=50)
        await asyncio.sleep(1.2)
        assert len(temporal.signals) == 1
        clock.ahead += timedelta(seconds=15)
        await eventually(lambda: len(temporal.signals) == 2)
    assert temporal.signals[0].request_id == temporal.signals[1].request_id


async def test_what_is_consumed_is_not_told_again(database: Database, temporal: FakeTemporal) -> None:
    received = await arrive(database, 0)
    clock = Clock()
    clock.ahead = LEASE
    async with relaying(database, temporal, clock=clock):
        await eventually(lambda: len(temporal.signals) == 1)
        async with database.write() as c:
            await c.execute(rows.update().where(rows.c.message_id == received.message_id).values(state="consumed"))
        clock.ahead += timedelta(hours=2)
        await asyncio.sleep(1.2)
    assert len(temporal.signals) == 1


async def test_a_message_of_an_account_that_is_gone_stays_and_is_logged(
    database: Database, temporal: FakeTemporal
) -> None:
    await arrive(database, 0, account="removed")
    with capture_logs() as logs:
        async with relaying(database, temporal, clock=lambda: datetime.now(UTC) + LEASE):
            await eventually(lambda: any(log["event"] == "account_gone" for log in logs))
    assert await states(database) == ["received"]
    assert [log["account"] for log in logs if log["event"] == "account_gone"] == ["removed"]
    assert temporal.attempts == 0


async def test_closing_leaves_what_is_not_told_for_the_next(database: Database, temporal: FakeTemporal) -> None:
    temporal.seconds = 60
    received = await arrive(database, 0)
    async with relaying(database, temporal, clock=lambda: datetime.now(UTC) + LEASE):
        await eventually(lambda: temporal.attempts == 1)
    temporal.seconds = 0
    async with relaying(database, temporal, owner="next", clock=lambda: datetime.now(UTC) + 2 * LEASE):
        await eventually(lambda: len(temporal.signals) == 1)
    assert temporal.signals[0].request_id == received.message_id


async def test_a_database_that_fails_does_not_end_the_sweep(
    database: Database, temporal: FakeTemporal, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = inbox.waiting
    failures = 2

    async def fail(*arguments: Any, **named: Any) -> list[str]:
        nonlocal failures
        if failures:
            failures -= 1
            raise OSError("away")
        return await waiting(*arguments, **named)

    monkeypatch.setattr(inbox, "waiting", fail)
    await arrive(database, 0)
    async with relaying(database, temporal, clock=lambda: datetime.now(UTC) + LEASE):
        await eventually(lambda: temporal.texts == ["0"])


async def test_that_many_were_told_is_written_together(site: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forward_marks, "LATER", 0.3)
    written: list[int] = []
    forwarded = inbox.forwarded

    async def count(c: Transaction, again_at: Mapping[str, datetime], *, now: datetime) -> None:
        written.append(len(again_at))
        await forwarded(c, again_at, now=now)

    monkeypatch.setattr(inbox, "forwarded", count)
    await asyncio.gather(*(post(site, message(number, sender=f"{number}")) for number in range(20)))
    await eventually(lambda: sum(written) == 20)
    assert len(written) < 10


async def test_what_comes_behind_a_message_does_not_wait_for_its_mark(
    site: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forward_marks, "LATER", 60)
    for number in range(5):
        await post(site, message(number, text=f"{number}"))
        await eventually(lambda at=number: len(site.temporal.signals) > at)
    assert site.temporal.texts == ["0", "1", "2", "3", "4"]


async def test_closing_writes_the_marks_that_wait(
    database: Database, temporal: FakeTemporal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forward_marks, "LATER", 60)
    async with gateway(tmp_path, database, temporal) as site:
        await post(site, message(1))
        await eventually(lambda: len(temporal.signals) == 1)
        assert await states(database) == ["received"]
    assert await states(database) == ["forwarded"]
