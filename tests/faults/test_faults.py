"""Gateway, worker, Temporal and ERP are killed: nothing is lost, nothing doubled without a mark."""

import random
import sys
from pathlib import Path

import pytest

from tests.faults.run import Outcome, Size, run

TWICE = 2


@pytest.mark.timeout(900)
async def test_nothing_is_lost_or_doubled_whatever_is_killed(tmp_path: Path) -> None:
    outcome = await run(tmp_path, random.randrange(1_000_000), Size())
    sys.stdout.write(f"{outcome}\n")
    _holds(outcome)


def _holds(outcome: Outcome) -> None:
    broken = {name: found for name, found in outcome.violations.items() if found}
    assert not broken, str(outcome)
    rare = {name: count for name, count in outcome.fired.items() if count < TWICE}
    assert not rare, str(outcome)
