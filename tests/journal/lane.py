"""What a gateway and a relay do with the messages of one workflow, a step each."""

from sqlalchemy import select

from journal import inbox
from journal.database import Database
from journal.inbox import ClaimedItem, InboxItem, ReceiveResult
from journal.tables import inbox as inbox_table
from tests.journal.factory import LEASE, WORKFLOW, later


async def receive(db: Database, arrived: InboxItem, *, owner: str = "gateway-1", seconds: float = 0) -> ReceiveResult:
    async with db.write() as c:
        return await inbox.receive(c, arrived, owner=owner, lease=LEASE, now=later(seconds))


async def claim(db: Database, *, owner: str = "relay", seconds: float = 0) -> ClaimedItem | None:
    async with db.write() as c:
        return await inbox.claim(c, WORKFLOW, owner=owner, lease=LEASE, now=later(seconds), again_before=later(seconds))


async def forwarded(db: Database, name: str, *, seconds: float = 0, again: float = 30) -> None:
    async with db.write() as c:
        await inbox.forwarded(c, {name: later(again)}, now=later(seconds))


async def waiting(db: Database, seconds: float = 0) -> list[str]:
    async with db.read() as c:
        return await inbox.waiting(c, now=later(seconds), limit=10)


async def state_of(db: Database, name: str) -> str | None:
    async with db.read() as c:
        return await c.scalar(select(inbox_table.c.state).where(inbox_table.c.message_id == name))
