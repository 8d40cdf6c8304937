from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.errors import SettingsError, UnknownNameError
from runtime.calendars import Calendars
from runtime.opening_hours import Calendar
from runtime.sections import CompanySection
from runtime.settings import Settings

WEEK = {
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ("08:00-12:00", "13:30-18:00")),
    "saturday": ["08:00-12:00"],
}
SERVICE = Calendar.model_validate(
    {
        **WEEK,
        "holidays": "BR-SC",
        "days": {"12-24": ["08:00-12:00"], "2026-12-31": [], "2026-12-25": ["10:00-12:00"]},
    }
)
ALWAYS = Calendar.model_validate({**dict.fromkeys([*WEEK, "sunday"], ("00:00-24:00",)), "holidays": ""})
NEVER = Calendar.model_validate({"days": {"2020-01-01": ["08:00-12:00"]}})
CARNIVAL = Calendar.model_validate({**WEEK, "optional_holidays": True})
CALENDARS = Calendars(Settings(calendars={"service": SERVICE, "always": ALWAYS, "never": NEVER, "carnival": CARNIVAL}))
THERE = ZoneInfo("America/Sao_Paulo")


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=THERE)


@pytest.mark.parametrize(
    ("moment", "closes"),
    [
        ("2026-11-23T08:00", "2026-11-23T12:00"),
        ("2026-11-23T11:59:59", "2026-11-23T12:00"),
        ("2026-11-23T13:30", "2026-11-23T18:00"),
        ("2026-11-21T09:00", "2026-11-21T12:00"),
        ("2026-12-24T11:00", "2026-12-24T12:00"),
        ("2026-12-25T10:30", "2026-12-25T12:00"),
    ],
)
def test_it_is_open_within_the_hours_of_the_day(moment: str, closes: str) -> None:
    found = CALENDARS.business_time("service", at(moment))
    assert (found.open, found.opens_at, found.closes_at) == (True, None, at(closes))


@pytest.mark.parametrize(
    ("moment", "opens", "holiday"),
    [
        ("2026-11-23T07:59:59", "2026-11-23T08:00", ""),
        ("2026-11-23T12:00", "2026-11-23T13:30", ""),
        ("2026-11-23T18:00", "2026-11-24T08:00", ""),
        ("2026-11-21T12:00", "2026-11-23T08:00", ""),
        ("2026-11-22T10:00", "2026-11-23T08:00", ""),
        ("2026-11-20T10:00", "2026-11-21T08:00", "Dia Nacional de Zumbi e da Consciência Negra"),
        ("2026-12-24T13:00", "2026-12-25T10:00", ""),
        ("2026-12-31T09:00", "2027-01-02T08:00", ""),
        ("2027-01-01T09:00", "2027-01-02T08:00", "Confraternização Universal"),
    ],
)
def test_it_is_closed_otherwise_and_says_when_it_opens(moment: str, opens: str, holiday: str) -> None:
    found = CALENDARS.business_time("service", at(moment))
    assert (found.open, found.opens_at, found.closes_at, found.holiday) == (False, at(opens), None, holiday)


def test_moments_are_told_by_the_clock_there() -> None:
    found = CALENDARS.business_time("service", datetime(2026, 11, 23, 10, 59, tzinfo=UTC))
    assert found.opens_at is not None
    assert found.opens_at.isoformat() == "2026-11-23T08:00:00-03:00"


def test_without_settings_there_is_a_calendar_of_office_hours() -> None:
    assert CALENDARS.business_time("main", at("2026-11-23T17:59")).open
    assert not CALENDARS.business_time("main", at("2026-11-21T10:00")).open
    assert not CALENDARS.business_time("main", at("2026-12-25T10:00")).open


def test_what_never_closes_has_no_end_and_what_never_opens_no_beginning() -> None:
    always = CALENDARS.business_time("always", at("2026-12-25T23:59:59"))
    assert (always.open, always.closes_at) == (True, None)
    never = CALENDARS.business_time("never", at("2026-11-23T10:00"))
    assert (never.open, never.opens_at) == (False, None)


def test_carnival_is_closed_only_where_the_calendar_says_so() -> None:
    assert CALENDARS.business_time("main", at("2027-02-09T10:00")).open
    assert CALENDARS.business_time("carnival", at("2027-02-09T10:00")).holiday == "Carnaval"


def test_a_calendar_has_the_companys_time_zone_unless_it_names_its_own() -> None:
    settings = Settings(
        company=CompanySection(zone="America/Manaus"),
        calendars={"south": Calendar.model_validate({**WEEK, "zone": "America/Sao_Paulo"})},
    )
    moment = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)  # 08:30 in São Paulo, 07:30 in Manaus
    assert Calendars(settings).business_time("south", moment).open
    assert not Calendars(settings).business_time("main", moment).open


def test_hours_that_clocks_skip_begin_when_they_go_on() -> None:
    calendar = Calendar(zone="America/New_York", sunday=("02:30-06:00",), holidays="")
    found = Calendars(Settings(calendars={"night": calendar})).business_time(
        "night", datetime(2027, 3, 14, 6, 0, tzinfo=UTC)
    )
    assert found.opens_at is not None
    assert found.opens_at.isoformat() == "2027-03-14T03:30:00-04:00"


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), st.sampled_from(["main", "service", "carnival"]))  # noqa: DTZ001 - made aware below
def test_it_is_open_when_it_says_that_it_opens_and_closed_when_it_says_that_it_closes(
    moment: datetime, name: str
) -> None:
    found = CALENDARS.business_time(name, moment.replace(tzinfo=UTC))
    if found.open:
        assert found.closes_at is not None
        assert not CALENDARS.business_time(name, found.closes_at).open
        assert CALENDARS.business_time(name, found.closes_at - timedelta(seconds=1)).open
    else:
        assert found.opens_at is not None
        assert CALENDARS.business_time(name, found.opens_at).open
        assert not CALENDARS.business_time(name, found.opens_at - timedelta(seconds=1)).open


def test_an_unknown_calendar_is_named_with_those_that_exist() -> None:
    with pytest.raises(UnknownNameError, match="'sales' is not one of the calendars: always, carnival, main"):
        CALENDARS.business_time("sales", at("2026-11-23T10:00"))


@pytest.mark.parametrize("code", ["XX", "BR-XX"])
def test_a_country_that_nobody_knows_is_the_settings_fault(code: str) -> None:
    with pytest.raises(SettingsError, match=rf"calendars\.main\.holidays: .* found '{code}'"):
        Calendars(Settings(calendars={"main": Calendar.model_validate({**WEEK, "holidays": code})}))


@pytest.mark.parametrize(
    ("key", "value", "mistake"),
    [
        ("monday", ["8-12"], "expected hours such as '08:00-12:00'"),
        ("monday", ["12:00-08:00"], "expected hours such as '08:00-12:00'"),
        ("monday", ["08:00-24:30"], "expected hours such as '08:00-12:00'"),
        ("monday", ["8h"], "expected hours such as '08:00-12:00'"),
        ("monday", ["13:00-18:00", "08:00-12:00"], "expected hours one after the other"),
        ("monday", ["08:00-12:00", "11:00-18:00"], "expected hours one after the other"),
        ("days", {"24/12": []}, "expected a day such as '2026-12-24'"),
        ("days", {"02-30": []}, "expected a day such as '2026-12-24'"),
        ("holidays", "Brasil", "String should match pattern"),
        ("zone", "Brasilia", "expected an IANA time zone"),
        ("montag", [], "Extra inputs are not permitted"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(key: str, value: object, mistake: str) -> None:
    with pytest.raises(ValidationError, match=mistake):
        Calendar.model_validate({**WEEK, key: value})


def test_a_calendar_without_hours_is_refused() -> None:
    with pytest.raises(ValidationError, match="expected the hours of a day"):
        Calendar(holidays="BR")
