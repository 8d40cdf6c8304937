"""How long a conversation waits after the death of a worker, counted from the death, while another worker is up."""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from journal import outbox
from tests.faults.cluster import Cluster
from tests.faults.contact import Contact, until

DEATHS = 20
IN_A_SEND = 8.0
"""Seconds, 95 of 100 times."""
WORST = 10.0
IDLE = 3.0


def figures(waits: Sequence[float]) -> str:
    return (
        f"{len(waits)} deaths, p50 {statistics.median(waits):.1f} s, p95 {_p95(waits):.1f} s, worst {max(waits):.1f} s"
    )


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_a_conversation_whose_worker_died_in_a_send_goes_on_soon(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """The worst moment is right after the note; the provider has no keys, and is not asked again."""
    dies_in_its_first_send = ["before_send@1", "after_send_before_mark@1"] * (DEATHS // 2)
    async with Cluster(tmp_path, flow="circle", workers=(dies_in_its_first_send,) * 2) as cluster:
        ana = Contact(cluster, account="once")
        waits: list[float] = []
        await ana.say("oi")
        for number in range(DEATHS):
            waits.append(await _wait(cluster, ana, number))
            await asyncio.gather(*(worker.ready() for worker in cluster.workers))
            await ana.say(f"azul {number}")
    record_property("figure", f"wait after a death in a send: {figures(waits)}")
    assert _p95(waits) <= IN_A_SEND, figures(waits)
    assert max(waits) <= WORST, figures(waits)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_a_conversation_that_was_idle_when_its_worker_died_answers_soon(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with Cluster(tmp_path, flow="circle", workers=((), ())) as cluster:
        ana = Contact(cluster)
        await ana.say("oi")
        await ana.sees("Qual é a cor?")
        waits: list[float] = []
        for number in range(DEATHS // 2):
            worker = cluster.workers[number % 2]
            await worker.kill()
            died = time.monotonic()
            await ana.say(f"azul {number}")
            await ana.sees(*["Qual é a cor?"] * (number + 2))
            waits.append(time.monotonic() - died)
            await worker.start()
    record_property("figure", f"wait of an idle conversation: {figures(waits)}")
    assert _p95(waits) <= IDLE, figures(waits)


async def _wait(cluster: Cluster, contact: Contact, number: int) -> float:
    """Return the seconds from a worker's death in the send of part *number* until the conversation went on."""

    async def settled() -> list[outbox.PartRow]:
        found = await contact.conversations()
        async with cluster.database.read() as connection:
            rows = await outbox.parts(connection, found[-1]["conversation_id"]) if found else []
        return [row for row in rows if row.state not in {"queued", "sending"}]

    await until(settled, lambda rows: len(rows) > number)
    went_on = time.monotonic()
    assert (await settled())[number].state == "unknown"
    return went_on - max(death for worker in cluster.workers for death in worker.deaths)


def _p95(waits: Sequence[float]) -> float:
    return sorted(waits)[max(0, round(len(waits) * 0.95) - 1)]
