from datetime import timedelta

import httpx

from channels.base import Tools, open_channels
from domain.wait_defaults import Silence
from runtime.sections import Account
from runtime.settings import Settings
from usecases.setups import setups


async def test_a_conversation_takes_along_what_the_settings_say_when_it_opens() -> None:
    settings = Settings(
        accounts={"site": Account(channel="webchat", flow="main")}, silence=Silence(timeout=timedelta(minutes=30))
    )
    async with httpx.AsyncClient() as http:
        channels = open_channels(settings.accounts, Tools(http=http, key=b"k" * 32, secret=str))
        setup = setups(settings, channels)("site", "a", "Ana")
    assert setup is not None
    assert (setup.flow, setup.contact.name, setup.silence) == ("main", "Ana", settings.silence)
