from datetime import UTC, date, datetime

import pytest

from stories.start_time import next_moment

SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("monday 09:00", "2026-11-23T12:00"),
        ("saturday 08:00", "2026-11-28T11:00"),
        ("saturday 09:30", "2026-11-21T12:30"),
        ("12-25 10:00", "2026-12-25T13:00"),
        ("11-21 09:00", "2027-11-21T12:00"),
        ("02-29 00:00", "2028-02-29T03:00"),
    ],
)
def test_it_is_the_next_such_moment_by_the_companys_clock(written: str, moment: str) -> None:
    found = next_moment(written, SATURDAY, "America/Sao_Paulo", lambda _: True)
    assert found == datetime.fromisoformat(f"{moment}+00:00")


def test_a_week_with_a_holiday_is_passed_over_and_a_day_of_the_year_is_not() -> None:
    def is_ordinary(day: date) -> bool:
        return day not in {date(2026, 11, 23), date(2026, 12, 25)}

    assert next_moment("monday 09:00", SATURDAY, "UTC", is_ordinary).day == 30
    assert next_moment("sunday 23:00", SATURDAY, "UTC", is_ordinary).day == 29
    assert next_moment("12-25 09:00", SATURDAY, "UTC", is_ordinary).year == 2026
