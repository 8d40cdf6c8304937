import asyncio

import httpx
import pytest

from channels import base
from channels.base import Tools, channels, open_channels
from channels.protocols.provider_call import call
from domain.errors import AmbiguousSendError, NotSentError, SettingsError
from domain.limits import Limits
from runtime.sections import Account
from tests.channels.contract import KEY, ChannelContract
from tests.channels.test_http import TestContract as HttpContract
from tests.channels.test_webchat import TestContract as WebchatContract

TESTED: tuple[type[ChannelContract], ...] = (HttpContract, WebchatContract)


def test_every_channel_runs_the_contract() -> None:
    assert sorted(contract.specimen.account.channel for contract in TESTED) == list(channels)


def test_an_unknown_channel_names_the_account_and_those_that_exist() -> None:
    tools = Tools(http=httpx.AsyncClient(), key=KEY, secret=str)
    with pytest.raises(SettingsError, match=r"accounts\.fax\.channel: 'fax' is not one of the channels: .*webchat"):
        open_channels({"fax": Account(channel="fax", flow="main")}, tools)


def test_a_setting_that_is_missing_is_named() -> None:
    tools = Tools(http=httpx.AsyncClient(), key=KEY, secret=str)
    with pytest.raises(SettingsError, match=r"accounts\.front\.url: missing key"):
        open_channels({"front": Account(channel="http", flow="main")}, tools)


@pytest.mark.parametrize(("said", "found"), [(0.5, "greater than or equal to 1"), (60, "less than or equal to 10")])
def test_a_time_limit_of_calls_that_is_out_of_bounds_is_named(said: float, found: str) -> None:
    tools = Tools(http=httpx.AsyncClient(), key=KEY, secret=str)
    options = {"url": "https://x.example.com/", "secret": "secret://s", "call_timeout": said}
    account = Account.model_validate({"channel": "http", "flow": "main", **options})
    with pytest.raises(SettingsError, match=rf"accounts\.front\.call_timeout: .*{found}, found {said}"):
        open_channels({"front": account}, tools)


async def test_an_answer_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def trickle(_request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        return httpx.Response(200)

    monkeypatch.setattr(base, "LIMITS", Limits.model_validate({"provider_call": 0.05}))
    client = httpx.AsyncClient(transport=httpx.MockTransport(trickle))
    with pytest.raises(AmbiguousSendError, match="TimeoutError"):
        await call(client, client.build_request("POST", "https://x.example.com/"))


async def test_a_redirect_is_not_followed_and_nothing_was_taken() -> None:
    answer = httpx.Response(302, headers={"location": "https://elsewhere.example.com/"})
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer))
    with pytest.raises(NotSentError, match="answered 302"):
        await call(client, client.build_request("POST", "https://x.example.com/"))
