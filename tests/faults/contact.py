"""One contact of a cluster, for tests that tell what a single person sees."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Any, Final, TypeVar

from sqlalchemy import select

from journal.tables import conversation, journal
from tests.faults.cluster import Cluster
from tests.faults.customers import Post, Provider
from tests.faults.wire import Said

T = TypeVar("T")

HANG: Final = 120.0
ACCOUNT: Final = "keyed"

_numbers = count(1)


class Contact:
    """One contact of the cluster, and what it sees."""

    def __init__(self, cluster: Cluster, account: str = ACCOUNT) -> None:
        self.cluster = cluster
        self.account = account
        self.address = f"contato-{next(_numbers)}"
        self._said = 0
        self.provider = Provider(cluster.gateway_urls, random.Random(1))

    async def say(self, *texts: str) -> list[Said]:
        """Say *texts*, each once the one before has been taken; return them."""
        said: list[Said] = []
        for text in texts:
            self._said += 1
            said.append(Said(account=self.account, address=self.address, id=f"{self.address}-{self._said}", text=text))
            await self.repeat(said[-1])
        return said

    async def repeat(self, said: Said) -> None:
        await self.provider.play([Post(0, (said,))])

    async def seen(self) -> list[str]:
        return [
            call["body"]["text"]
            for call in await self.cluster.received()
            if call["taken"] and call["body"]["to"] == self.address
        ]

    async def conversations(self) -> Sequence[dict[str, Any]]:
        """Return this contact's conversations, the oldest first."""
        rows = select(conversation).where(conversation.c.address == self.address).order_by(conversation.c.opened_at)
        async with self.cluster.database.read() as connection:
            return [dict(row) for row in (await connection.execute(rows)).mappings()]

    async def sees(self, *texts: str, hang: float = HANG) -> None:
        """Wait until *texts* are all that it has seen."""
        await until(self.seen, lambda found: found == list(texts), hang)

    async def kinds(self) -> list[str]:
        """Return what has happened to this contact, over all its conversations."""
        mine = select(conversation.c.conversation_id).where(conversation.c.address == self.address)
        rows = select(journal.c.kind).where(journal.c.conversation_id.in_(mine)).order_by(journal.c.id)
        async with self.cluster.database.read() as connection:
            return list((await connection.scalars(rows)).all())

    async def is_alone(self) -> None:
        """Wait until the grace time is over: no workflow of this contact runs."""
        (*_, newest) = await self.conversations()
        handle = self.cluster.client.get_workflow_handle(newest["workflow_id"])

        async def status() -> str:
            description = await handle.describe()
            return description.status.name if description.status else ""

        await until(status, lambda found: found == "COMPLETED")


async def until(look: Callable[[], Awaitable[T]], fits: Callable[[T], bool], hang: float = HANG) -> None:
    """Look until what is found fits; TimeoutError, with what was found last, after a hang limit."""
    found: T | None = None
    try:
        async with asyncio.timeout(hang):
            while not fits(found := await look()):  # noqa: ASYNC110 - what is looked at lives in other processes
                await asyncio.sleep(0.2)
    except TimeoutError as error:
        raise TimeoutError(f"found at last: {found!r}") from error
