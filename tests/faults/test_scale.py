"""Two gateways and three workers on PostgreSQL: restarted, killed, told things twice at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import Postgres
from tests.faults.rolling import Scale, run
from tests.journal.conftest import create

SMALL = Scale(talks=12, workers=2, pace=2.5, spread=4.0, calm=(4.0, 14.0), pause=1.0)


@pytest.mark.timeout(600)
async def test_a_deployment_of_every_process_loses_and_doubles_nothing(
    tmp_path: Path, postgres: Postgres, record_property: Callable[[str, object], None]
) -> None:
    outcome = await run(tmp_path, create(postgres, "prosa_small"), 1, SMALL)
    record_property("figure", f"rolling restart: {outcome.figure}")
    assert not any(outcome.violations.values()), str(outcome)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_three_hundred_conversations_on_several_gateways_and_workers(
    tmp_path: Path, postgres: Postgres, record_property: Callable[[str, object], None]
) -> None:
    outcome = await run(tmp_path, create(postgres, "prosa_scale"), 2, Scale())
    record_property("figure", f"rolling restart at scale: {outcome.figure}")
    assert not any(outcome.violations.values()), str(outcome)
