"""Several gateways over one database."""

import asyncio
from pathlib import Path

from domain import keys
from journal.database import Database
from journal.tables import route
from tests.gateway.fakes import FakeTemporal, Gateway, eventually, gateway
from tests.gateway.signing import message, post


async def test_several_relays_keep_one_message_of_a_conversation_in_flight(
    tmp_path: Path, database: Database, temporal: FakeTemporal
) -> None:
    temporal.seconds = 0.02
    url = f"sqlite:///{tmp_path}/prosa.db"
    others = [Database(url), Database(url)]
    try:
        async with (
            gateway(tmp_path / "a", database, temporal, owner="a") as a,
            gateway(tmp_path / "b", others[0], temporal, owner="b") as b,
            gateway(tmp_path / "c", others[1], temporal, owner="c") as c,
        ):
            for number in range(30):
                await post((a, b, c)[number % 3], message(number, text=f"{number}"))
            await eventually(lambda: len(temporal.signals) >= 30)
            await asyncio.sleep(0.1)
    finally:
        for other in others:
            await other.close()
    assert temporal.texts == [f"{number}" for number in range(30)]
    assert temporal.most_at_once == 1


async def test_the_same_webhook_at_two_gateways_is_told_once(
    tmp_path: Path, database: Database, temporal: FakeTemporal
) -> None:
    other = Database(f"sqlite:///{tmp_path}/prosa.db")
    async with (
        gateway(tmp_path / "a", database, temporal, owner="a") as a,
        gateway(tmp_path / "b", other, temporal, owner="b") as b,
    ):
        answers = await asyncio.gather(*(post(one, message(1)) for one in (a, b) * 5))
        await eventually(lambda: len(temporal.signals) == 1)
        await asyncio.sleep(0.2)
    await other.close()
    assert sum(answer.json()["received"] for answer in answers) == 1
    assert len(temporal.signals) == 1


async def test_the_route_decides_which_conversation_gets_a_message(site: Gateway) -> None:
    async with site.database.write() as c:
        await c.execute(
            route.insert().values(
                account="front", address="5511987654321", workflow_id="conversation:moved", conversation_id="c0ffee"
            )
        )
    await post(site, message(1))
    await post(site, message(2, sender="somebody else"))
    await eventually(lambda: len(site.temporal.signals) == 2)
    address_hash = keys.address_key(b"k" * 32, "somebody else")
    assert {signal.workflow_id for signal in site.temporal.signals} == {
        "conversation:moved",
        keys.workflow_id("front", address_hash),
    }
