"""`prosa schedule list`: by the company's clock, wherever it is asked."""

import json
from datetime import UTC, datetime

import pytest

from prosa import schedule
from prosa.schedule import Seen
from tests.prosa.conftest import Prosa

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def weekly(monkeypatch: pytest.MonkeyPatch) -> None:
    async def look(_: object) -> list[Seen]:
        return [Seen("weekly", "0 9 * * 1", "hello", next=MONDAY, outcome="has not run yet")]

    monkeypatch.setattr(schedule, "look", look)


def test_times_are_the_companys_and_the_heading_names_its_zone(prosa: Prosa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSA_COMPANY__ZONE", "America/Manaus")
    said = prosa("schedule", "list").stdout
    assert "next (America/Manaus)" in said
    assert "2026-11-23 08:00:00" in said


def test_programs_get_times_with_their_offset(prosa: Prosa) -> None:
    [one] = json.loads(prosa("schedule", "list", "--format", "json").stdout)
    assert datetime.fromisoformat(one["next"]) == MONDAY
