from datetime import UTC, datetime

import pytest
from temporalio.testing import ActivityEnvironment

from activities.calendars import Calendars
from domain.effect import FindBusinessTime
from domain.errors import UnknownNameError
from domain.times import BusinessTime
from runtime import calendars
from runtime.settings import Settings

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KNOWN = Calendars(calendars.Calendars(Settings()))


async def test_it_says_whether_the_calendar_is_open() -> None:
    found: BusinessTime = await ActivityEnvironment().run(
        KNOWN.find_business_time, FindBusinessTime(calendar="main", at=MONDAY)
    )
    assert found.open


async def test_an_unknown_calendar_is_an_error() -> None:
    with pytest.raises(UnknownNameError):
        await ActivityEnvironment().run(KNOWN.find_business_time, FindBusinessTime(calendar="sales", at=MONDAY))
