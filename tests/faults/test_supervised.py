"""`prosa up` whose programs are killed again and again: it never leaves contacts alone, and nothing is lost."""

import asyncio
import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from tests.faults.killing import PATIENT, Killed, kill_often, run
from tests.faults.supervised import Supervised
from tests.faults.waits import figure

CONSUMED: Final = 30.0
"""Seconds from the last kill until everything is consumed, on a machine with nothing else to do."""
MINUTE: Final = 60.0

Record = Callable[[str, object], None]

pytestmark = pytest.mark.long


@pytest.mark.timeout(1200)
async def test_thirty_kills_of_the_worker_lose_nothing_and_the_gateway_answers_throughout(
    tmp_path: Path, record_property: Record
) -> None:
    async def kill(up: Supervised, chance: random.Random) -> list[datetime]:
        return await kill_often(up, chance, "worker", 30, life=5.0)

    killed = await run(tmp_path, kill, pace=PATIENT)
    _holds(killed, record_property)
    assert killed.consumed_after <= CONSUMED
    _gateway_answered_throughout(killed)


@pytest.mark.timeout(600)
async def test_fifteen_kills_of_worker_gateway_and_temporal_lose_nothing(
    tmp_path: Path, record_property: Record
) -> None:
    async def kill(up: Supervised, chance: random.Random) -> list[datetime]:
        kinds = ("worker", "gateway", "temporal")
        kills = await asyncio.gather(*(kill_often(up, chance, kind, 5, life=15.0) for kind in kinds))
        return sorted(moment for moments in kills for moment in moments)

    killed = await run(tmp_path, kill)
    _holds(killed, record_property)
    assert killed.consumed_after <= CONSUMED


@pytest.mark.timeout(1800)
async def test_fifteen_kills_a_minute_apart_lose_nothing_with_two_workers(
    tmp_path: Path, record_property: Record
) -> None:
    async def kill(up: Supervised, chance: random.Random) -> list[datetime]:
        kills: list[datetime] = []
        for _ in range(15):
            await asyncio.sleep(MINUTE)
            await up.kill("worker")  # the older of the two
            kills.append(datetime.now(UTC))
        await asyncio.sleep(MINUTE / 2)  # what waits because of the last one is counted too
        return kills

    killed = await run(tmp_path, kill, workers=2)
    waits = figure(killed.answered, killed.kills)
    sys.stdout.write(f"{waits}\n")
    record_property("figure", f"two workers, a kill a minute: {waits}")
    _holds(killed, record_property)
    _gateway_answered_throughout(killed)


def _holds(killed: Killed, record_property: Record) -> None:
    sys.stdout.write(f"{killed}\n")
    record_property("figure", f"prosa up: {str(killed).partition(chr(10))[0]}")
    assert not any(killed.violations.values()), str(killed)


def _gateway_answered_throughout(killed: Killed) -> None:
    assert not killed.unanswered
    assert killed.facts["requests that had to come again"] == 0
    assert "gateway ended" not in killed.said
