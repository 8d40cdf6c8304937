"""Gateway, worker, Temporal and ERP are killed: nothing is lost, nothing doubled without a mark.

`FAULT_SEED=588855 make test ARGS=tests/faults/test_faults.py` plays the plans and messages of an earlier run again.
"""

import sys
from pathlib import Path
from typing import Final

import pytest

from tests.faults import plans
from tests.faults.run import Outcome, Size, run

BIG: Final = Size(talks=60, each=5, gateways=2, workers=3, pace=8.0, temporal_kills=5, hang=1500.0)


@pytest.mark.timeout(900)
async def test_nothing_is_lost_or_doubled_whatever_is_killed(tmp_path: Path) -> None:
    _holds(await run(tmp_path, plans.seed(), Size()))


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", range(3))
async def test_nothing_is_lost_or_doubled_among_several_gateways_and_workers(tmp_path: Path, number: int) -> None:
    _holds(await run(tmp_path, plans.seed() + number, BIG))


def _holds(outcome: Outcome) -> None:
    sys.stdout.write(f"{outcome}\n")
    assert not any(outcome.violations.values()), str(outcome)
    assert min(outcome.fired.values()) >= outcome.each, str(outcome)
