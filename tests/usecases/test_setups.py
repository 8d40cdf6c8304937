from datetime import UTC, datetime, timedelta

import httpx
import pytest

from channels.base import Tools, open_channels
from domain.wait_defaults import WaitDefaults
from runtime.sections import Account
from runtime.settings import Settings
from usecases.setups import setups


async def test_a_conversation_takes_along_what_the_settings_say_when_it_opens() -> None:
    settings = Settings(
        accounts={"site": Account(channel="webchat", flow="main")}, silence=WaitDefaults(timeout=timedelta(minutes=30))
    )
    async with httpx.AsyncClient() as http:
        channels = open_channels(settings.accounts, Tools(http=http, key=b"k" * 32, secret=str))
        setup = setups(settings, channels)("site", "a", "Ana")
    assert setup is not None
    assert (setup.flow, setup.contact.name, setup.silence) == ("main", "Ana", settings.silence)


async def test_two_contacts_on_one_day_share_what_is_equal_and_the_next_day_has_rules_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    today = [datetime(2026, 11, 30, 23, 59, tzinfo=UTC)]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # noqa: ARG003 - as the real one
            return today[0]

    monkeypatch.setattr("usecases.setups.datetime", Clock)
    monkeypatch.setattr("runtime.zones.datetime", Clock)
    settings = Settings(accounts={"site": Account(channel="webchat", flow="main")})
    async with httpx.AsyncClient() as http:
        setup_for = setups(settings, open_channels(settings.accounts, Tools(http=http, key=b"k" * 32, secret=str)))
        ana, bia = setup_for("site", "a", "Ana"), setup_for("site", "b", "Bia")
        today[0] += timedelta(minutes=1)
        later = setup_for("site", "a", "Ana")
        nobody = setup_for("gone", "a", "Ana")

    assert ana is not None
    assert bia is not None
    assert later is not None
    assert (ana.contact.name, bia.contact.name) == ("Ana", "Bia")
    assert ana.company is bia.company
    assert later.company.shifts[0].since - ana.company.shifts[0].since == timedelta(days=1)
    assert nobody is None
