"""A worker is stopped (SIGSTOP) in the middle of a send, for longer than another waits for it, and then goes on.

Nothing that a contact gets twice, or may not have got, goes unmarked: the row says so.
"""

import asyncio
from pathlib import Path
from typing import Final

import pytest

from journal import outbox
from tests.faults.cluster import Cluster
from tests.faults.contact import Contact, until

STOPPED: Final = 20.0
ASKS: Final = "Qual é a cor?"

slow = pytest.mark.long


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("account", "place", "came", "fate"),
    [
        # Stopped before the last look at the clock, it sends nothing any more.
        ("once", "before_last_check@1", 0, "unknown"),
        pytest.param("again", "before_last_check@1", 1, "sent, repeated", marks=slow),
        # Stopped between the look before the body (the second) and its write, it sends late: in doubt, or marked.
        pytest.param("once", "before_write@2", 1, "unknown", marks=slow),
        pytest.param("again", "before_write@2", 2, "sent, repeated", marks=slow),
    ],
)
async def test_a_worker_stopped_right_before_it_writes_doubles_nothing_unmarked(
    account: str, place: str, came: int, fate: str, tmp_path: Path
) -> None:
    async with Cluster(tmp_path, flow="circle", workers=([f"{place}=stop"],)) as cluster:
        (worker,) = cluster.workers
        ana = Contact(cluster, account=account)
        await ana.say("oi")
        while not worker.stopped:  # noqa: ASYNC110 - a process sets no event of asyncio's
            await asyncio.sleep(0.1)
        settled = await _while_stopped(cluster, ana)
        worker.go_on()
        await asyncio.sleep(3)
        after = await _first(cluster, ana)

        assert await ana.seen() == [ASKS] * came
        assert (settled, after) == (fate, fate)


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("account", "came", "fate"),
    [("again", 2, "sent, repeated"), pytest.param("once", 1, "unknown", marks=slow)],
)
async def test_a_worker_stopped_inside_its_call_doubles_nothing_unmarked(
    account: str, came: int, fate: str, tmp_path: Path
) -> None:
    async with Cluster(tmp_path, flow="circle") as cluster:
        (worker,) = cluster.workers
        await cluster.switch("plain", slow_seconds=3)
        ana = Contact(cluster, account=account)
        await ana.say("oi")
        await until(ana.seen, lambda seen: seen == [ASKS])
        worker.stop_for_now()
        await cluster.switch("plain")
        settled = await _while_stopped(cluster, ana)
        worker.go_on()
        await asyncio.sleep(3)
        after = await _first(cluster, ana)

        assert await ana.seen() == [ASKS] * came
        assert (settled, after) == (fate, fate)


async def _while_stopped(cluster: Cluster, contact: Contact) -> str:
    """Let another worker take over for as long as the first is stopped; return what it has made of the first part."""
    stopped = asyncio.create_task(asyncio.sleep(STOPPED))
    other = cluster.another_worker()
    await other.start()
    await until(lambda: _first(cluster, contact), lambda fate: fate not in {"queued", "sending"})
    settled = await _first(cluster, contact)
    await stopped
    return settled


async def _first(cluster: Cluster, contact: Contact) -> str:
    """Return what the store says of the first part: its state, and whether it may have arrived twice."""
    (conversation,) = await contact.conversations()
    async with cluster.database.read() as connection:
        row = (await outbox.parts(connection, conversation["conversation_id"]))[0]
    return f"{row.state}{', repeated' if row.repeated else ''}"
