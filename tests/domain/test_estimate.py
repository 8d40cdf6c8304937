from datetime import timedelta

import pytest

from domain.estimate import estimate
from domain.limits import LIMITS


def minutes(*numbers: float) -> list[timedelta]:
    return [timedelta(minutes=number) for number in numbers]


def said(waits: list[timedelta], waited: float = 0, longest: float = 0) -> float | None:
    found = estimate(waits, waited=timedelta(minutes=waited), longest=timedelta(minutes=longest))
    return None if found is None else found / timedelta(minutes=1)


@pytest.mark.parametrize(
    ("waits", "expected"),
    [
        ([1, 1, 1, 1, 1], 2),
        ([3, 4, 6, 8, 50], 10),
        ([50, 8, 6, 4, 3], 10),
        ([1, 2, 3, 4, 5, 6, 7, 15.5, 90, 90], 20),
        ([61] * 5, 90),
        ([240] * 5, 240),
        ([241] * 5, None),
        ([3_700] * 20, None),
    ],
)
def test_it_is_what_four_in_five_did_not_wait_longer_than_rounded_up(
    waits: list[float], expected: float | None
) -> None:
    assert said(minutes(*waits)) == expected


def test_too_few_say_nothing() -> None:
    assert said(minutes(*[5] * LIMITS.waits_needed)) == 5
    assert said(minutes(*[5] * (LIMITS.waits_needed - 1))) is None
    assert said([]) is None


def test_who_has_waited_hears_of_the_rest_and_only_from_those_who_have_waited_longer() -> None:
    waits = minutes(1, 1, 1, 12, 14, 16, 18, 40)
    assert said(waits) == 20
    assert said(waits, waited=10) == 10
    assert said(waits, waited=12) is None


def test_nothing_is_said_when_somebody_before_has_waited_for_longer() -> None:
    waits = minutes(*[10] * 5)
    assert said(waits, longest=10) == 10
    assert said(waits, longest=11) is None
