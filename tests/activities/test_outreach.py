import httpx
import pytest
from temporalio.testing import ActivityEnvironment

from activities.outreach import Outreaches
from channels.base import Tools, open_channels
from domain.call import CallAnswer, StartConversation
from domain.errors import SettingsError
from domain.keys import address_key, workflow_id
from domain.limits import LIMITS
from domain.message import Outreach
from journal import inbox
from journal.database import Database
from runtime.sections import Account
from tests.journal.factory import later

PHONE = Account.model_validate(
    {"channel": "http", "flow": "reply", "url": "https://example.com", "secret": "secret://phone"}
)

EFFECT = StartConversation(
    key="c1:7",
    card="tell",
    patience=LIMITS.outside_patience,
    account="phone",
    address="5549988887777",
    outreach=Outreach(flow="reply"),
)


async def asked(database: Database, effect: StartConversation = EFFECT) -> CallAnswer:
    async with httpx.AsyncClient() as http:
        channels = open_channels({"phone": PHONE}, Tools(http=http, key=b"k" * 32, secret=str))
    outreaches = Outreaches(database, channels, b"k" * 32)
    return await ActivityEnvironment().run(outreaches.open_conversation, effect)


async def test_it_answers_what_became_of_the_wish_and_the_same_to_its_repeat(database: Database) -> None:
    assert (await asked(database)).value == "opened"
    assert (await asked(database)).value == "opened"
    assert (await asked(database, EFFECT.model_copy(update={"key": "c2:1"}))).value == "already_open"
    async with database.read() as c:
        lane = workflow_id("phone", address_key(b"k" * 32, "5549988887777"))
        assert await inbox.waiting(c, now=later(10**9), limit=9) == [lane]


async def test_an_account_that_is_not_set_up_is_an_error_of_the_settings(database: Database) -> None:
    with pytest.raises(SettingsError, match="expected 'site'"):
        await asked(database, EFFECT.model_copy(update={"account": "site"}))
