from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities.clock import Clock
from domain.effect import FindMoment
from domain.times import Moment


@pytest.mark.parametrize(
    ("written", "zone", "moment"),
    [
        ("2026-12-10T09:00:00", "America/Sao_Paulo", datetime(2026, 12, 10, 12, 0, tzinfo=UTC)),
        ("2026-12-10", "America/Sao_Paulo", datetime(2026, 12, 10, 3, 0, tzinfo=UTC)),
        # Lisbon, 29 March 2026: 01:00 becomes 02:00. 25 October: 02:00 becomes 01:00.
        ("2026-03-29T01:30:00", "Europe/Lisbon", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2026-10-25T01:30:00", "Europe/Lisbon", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
async def test_a_moment_is_what_a_clock_of_the_zone_shows(written: str, zone: str, moment: datetime) -> None:
    found: Any = await ActivityEnvironment().run(Clock().find_moment, FindMoment(written=written, zone=zone))
    assert found == Moment(at=moment)
