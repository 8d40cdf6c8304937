"""An ERP that is away: a call is repeated as long as its patience says, then the flow goes another way."""

import asyncio
from pathlib import Path

import pytest

from domain.limits import LIMITS
from tests.faults.cluster import Cluster
from tests.faults.contact import Contact, until

AWAY = "O sistema de cobrança não respondeu."
MORE = "Posso ajudar em mais alguma coisa?"
ISSUED = "Segunda via da fatura 5001 emitida."
FIVE_MINUTES = 300.0
SOONER = LIMITS.outside_call.total_seconds() - 5


@pytest.mark.timeout(400)
async def test_an_erp_that_stays_away_takes_the_failed_exit(tmp_path: Path) -> None:
    async with Cluster(tmp_path, flow="impatient") as cluster:
        await cluster.erp.kill()
        ana = Contact(cluster)
        await ana.say("oi")
        await ana.sees(AWAY, MORE)

        await cluster.erp.start()
        bruno = Contact(cluster)
        await bruno.say("oi")
        await bruno.sees(ISSUED, MORE)

        await ana.say("não")
        await ana.is_alone()
        assert [row["resolution"] for row in await ana.conversations()] == ["resolved"]
        assert await cluster.copies() == 1


@pytest.mark.long
@pytest.mark.timeout(400)
async def test_a_call_that_a_killed_worker_took_along_is_missed_by_its_heartbeats(tmp_path: Path) -> None:
    async with Cluster(tmp_path, flow="patient") as cluster:
        await cluster.switch_erp(slow_seconds=60)
        ana = Contact(cluster)
        await ana.say("oi")
        await until(cluster.erp_requests, lambda count: count == 1)
        (worker,) = cluster.workers
        await worker.kill()
        await cluster.switch_erp(slow_seconds=0)
        await worker.start()
        await ana.sees(ISSUED, MORE, hang=SOONER)
        assert await cluster.copies() == 1


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_five_minutes_without_the_erp_take_the_failed_exit(tmp_path: Path) -> None:
    """With the patience that a call has when the flow says nothing: two minutes."""
    async with Cluster(tmp_path, flow="patient") as cluster:
        await cluster.erp.kill()
        away = asyncio.create_task(asyncio.sleep(FIVE_MINUTES))
        ana = Contact(cluster)
        await ana.say("oi")
        await ana.sees(AWAY, MORE, hang=FIVE_MINUTES)
        assert not away.done()

        await away
        await cluster.erp.start()
        await ana.say("não", "oi de novo")
        await ana.sees(AWAY, MORE, ISSUED, MORE)
        assert await cluster.copies() == 1
