from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.conversation import Company
from domain.errors import SettingsError
from runtime.sections import CompanySection
from runtime.settings import Settings, load
from runtime.zones import AHEAD, shifts


@pytest.mark.parametrize(
    "zone", ["America/Sao_Paulo", "UTC", "America/New_York", "Europe/Lisbon", "Asia/Kolkata", "Australia/Lord_Howe"]
)
def test_clocks_show_what_the_zone_says_for_two_years(zone: str) -> None:
    company = Company(shifts=shifts(zone))
    now = datetime.now(UTC).replace(microsecond=0)
    moment = now
    while moment < now + AHEAD - timedelta(days=2):
        assert company.local(moment).isoformat() == moment.astimezone(ZoneInfo(zone)).isoformat()
        moment += timedelta(hours=7, minutes=13)


def test_a_zone_without_summer_time_is_one_rule() -> None:
    assert len(shifts("America/Sao_Paulo")) == 1


def test_settings_give_conversations_the_rules_of_their_zone() -> None:
    facts = Settings(company=CompanySection(zone="America/Manaus")).company_facts
    assert [shift.ahead for shift in facts.shifts] == [timedelta(hours=-4)]


def test_what_was_kept_before_there_were_rules_goes_by_utc() -> None:
    old = Company.model_validate_json('{"name": "Conecta", "zone": "America/Sao_Paulo"}')
    moment = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert old.local(moment) == moment
    assert old.local(moment).utcoffset() == timedelta(0)


def test_a_zone_that_does_not_exist_is_refused_with_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSA_COMPANY__ZONE", "America/Chapeco")
    with pytest.raises(SettingsError, match=r"company\.zone.*expected an IANA time zone"):
        load()
