"""One contact says far more at once than a run of a workflow may carry: all of it is read, once, in order."""

import asyncio
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from domain.limits import LIMITS
from journal.tables import conversation, inbox, journal
from tests.faults.cluster import Cluster
from tests.faults.contact import Contact, until
from tests.faults.customers import Post
from tests.faults.wire import Said

LONG: Final = "x" * (LIMITS.message_text - 100)
AT_ONCE: Final = 20

slow = pytest.mark.long


@pytest.mark.timeout(1500)
@pytest.mark.parametrize(
    ("number", "text", "stopped"),
    [
        pytest.param(40, LONG, 3.0, id="40 of 16 KB"),
        pytest.param(150, LONG, 14.0, id="150 of 16 KB", marks=slow),
        pytest.param(10_000, "", 0.0, id="10,000 short", marks=slow),
    ],
)
async def test_a_flood_after_the_end_is_read_in_order_each_once(
    number: int, text: str, stopped: float, tmp_path: Path
) -> None:
    # Temporal begins a run a second after the last at the earliest: as many turns in each as usual, for the many.
    async with Cluster(tmp_path, flow="circle", turns=5 if text else 40) as cluster:
        (worker,) = cluster.workers
        ana = Contact(cluster)
        await ana.say("oi")
        await until(ana.kinds, lambda kinds: "message_sent" in kinds)
        if stopped:
            worker.stop_for_now()
        await ana.say("sair")
        flood = [f"n{n} {text}".strip() for n in range(number)]  # a bare 1 would choose the first option
        begun = asyncio.get_running_loop().time()
        await _post(ana, flood)
        if stopped:
            await asyncio.sleep(max(0.0, begun + stopped - asyncio.get_running_loop().time()))
            worker.go_on()

        await until(lambda: _unread(cluster), lambda left: left == 0, hang=1200)

        assert await _read(ana) == ["oi", "sair", *flood]
        assert cluster.accidents == []
        assert [row["resolution"] for row in await ana.conversations()][:-1] == ["left"]


async def _post(contact: Contact, texts: list[str]) -> None:
    """Say *texts*, many in one request."""
    for first in range(0, len(texts), AT_ONCE):
        some = tuple(
            Said(account=contact.account, address=contact.address, id=f"flood-{first + n}", text=text)
            for n, text in enumerate(texts[first : first + AT_ONCE])
        )
        await contact.provider.play([Post(0, some)])


async def _unread(cluster: Cluster) -> int:
    async with cluster.database.read() as connection:
        rows = await connection.scalars(select(inbox.c.id).where(inbox.c.state != "consumed"))
        return len(rows.all())


async def _read(contact: Contact) -> list[str]:
    """Return what was read of the contact, over all its conversations, in order."""
    rows = (
        select(journal.c.data)
        .join(conversation, conversation.c.conversation_id == journal.c.conversation_id)
        .where(conversation.c.address == contact.address, journal.c.kind == "message_received")
        .order_by(journal.c.id)
    )
    async with contact.cluster.database.read() as connection:
        return [data["text"] for data in (await connection.scalars(rows)).all()]
