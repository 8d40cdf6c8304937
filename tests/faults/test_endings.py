"""What comes after the end of a conversation, end to end: nothing is reopened by mistake, nothing stays unanswered."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

import pytest
import pytest_asyncio
from sqlalchemy import select

from domain.conversation import Contact as Person
from domain.conversation import ConversationStart, Setup
from domain.message import Inbound
from journal.tables import inbox
from runtime.temporal import tell
from tests.faults.cluster import Cluster
from tests.faults.contact import ACCOUNT, Contact, until

GRACE: Final = 4.0
ASKS_NAME: Final = "Como você se chama?"
ASKS_CITY: Final = "Onde você mora, Ana?"
GOODBYE: Final = "Anotado: Ana, de Lages."

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(400)]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def cluster(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Cluster]:
    async with Cluster(tmp_path_factory.mktemp("endings"), flow="two_questions", grace=GRACE) as opened:
        yield opened


async def test_yesterdays_conversation_is_closed_and_todays_opened_anew(cluster: Cluster) -> None:
    ana = Contact(cluster)
    await ana.say("oi", "Ana", "Lages")
    await ana.sees(ASKS_NAME, ASKS_CITY, GOODBYE)
    await ana.is_alone()

    await ana.say("oi de novo")
    await ana.sees(ASKS_NAME, ASKS_CITY, GOODBYE, ASKS_NAME)

    yesterday, today = await ana.conversations()
    assert (yesterday["stage"], yesterday["resolution"]) == ("ended", "resolved")
    assert (today["stage"], today["resolution"]) == ("bot", None)
    assert yesterday["protocol"] < today["protocol"]


async def test_a_repeat_of_yesterdays_last_webhook_opens_nothing(cluster: Cluster) -> None:
    ana = Contact(cluster)
    *_, last = await ana.say("oi", "Ana", "Lages")
    await ana.sees(ASKS_NAME, ASKS_CITY, GOODBYE)
    await ana.is_alone()

    await ana.repeat(last)
    await asyncio.sleep(3)

    assert len(await ana.conversations()) == 1
    await ana.is_alone()
    assert await ana.seen() == [ASKS_NAME, ASKS_CITY, GOODBYE]


async def test_a_signal_that_comes_again_after_the_close_opens_nothing(cluster: Cluster) -> None:
    """What a gateway does that dies between the signal and its note of it, when the next one comes too late."""
    ana = Contact(cluster)
    await ana.say("oi", "Ana", "Lages")
    await ana.sees(ASKS_NAME, ASKS_CITY, GOODBYE)
    await ana.is_alone()
    (ended,) = await ana.conversations()

    setup = Setup(account=ACCOUNT, channel="http", flow=cluster.flow, contact=Person(address=ana.address))
    async with cluster.database.read() as connection:
        rows = select(inbox.c.payload).where(inbox.c.address == ana.address).order_by(inbox.c.id)
        first, *_, last = (await connection.scalars(rows)).all()
    for payload in (last, first):
        message = Inbound.model_validate(payload)
        await tell(cluster.client, ended["workflow_id"], ConversationStart(setup=setup), message)
        await ana.is_alone()

    assert await ana.conversations() == [ended]
    assert await ana.seen() == [ASKS_NAME, ASKS_CITY, GOODBYE]


async def test_three_messages_queued_when_the_flow_ends_are_all_answered(cluster: Cluster) -> None:
    ana = Contact(cluster)
    await ana.say("oi", "Ana")
    await ana.sees(ASKS_NAME, ASKS_CITY)
    (worker,) = cluster.workers
    await worker.stop()

    await ana.say("Lages", "mais uma coisa", "Ana", "Lages")
    await worker.start()

    await ana.sees(ASKS_NAME, ASKS_CITY, GOODBYE, ASKS_NAME, ASKS_CITY, GOODBYE)
    assert [row["stage"] for row in await ana.conversations()] == ["ended", "ended"]


async def test_a_thank_you_after_the_end_does_not_start_again(cluster: Cluster) -> None:
    ana = Contact(cluster)
    await ana.say("oi", "Ana")
    await ana.sees(ASKS_NAME, ASKS_CITY)
    (worker,) = cluster.workers
    await worker.stop()

    await ana.say("Lages", "obrigado", "valeu!")
    await worker.start()

    await until(ana.seen, lambda seen: len(seen) == 4)
    await ana.is_alone()
    assert (await ana.seen())[:3] == [ASKS_NAME, ASKS_CITY, GOODBYE]
    assert len(await ana.seen()) == 4
    assert [row["stage"] for row in await ana.conversations()] == ["ended"]
