"""A run at scale: contacts talk while every process is restarted as in a deployment, and later killed once."""

import asyncio
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from bench.arithmetic import percentile
from journal.tables import inbox, outbox
from tests.faults import checker
from tests.faults.cluster import Cluster
from tests.faults.customers import Provider, posts, talk
from tests.faults.evidence import gather
from tests.faults.installation import RULES
from tests.faults.run import FULL, settled

EVERYWHERE: Final = 0.2
"""Share of the requests that reach all gateways at once."""

Window = tuple[datetime, datetime]


@dataclass(frozen=True)
class Scale:
    """How big a run is; times in seconds."""

    talks: int = 300
    gateways: int = 2
    workers: int = 3
    pace: float = 5.0
    """Between two messages of one contact."""
    spread: float = 270.0
    """The talks begin within this time."""
    calm: tuple[float, float] = (40.0, 110.0)
    """Between these, nothing is done to the processes."""
    pause: float = 4.0
    """Between two processes."""
    patience: float = 600.0


@dataclass
class Rolled:
    """What a run showed; latencies in seconds, from the message in the inbox to its answer with the provider."""

    violations: dict[str, list[str]]
    calm: list[float]
    restarting: list[float]
    conversations: int
    seconds: float

    @property
    def figure(self) -> str:
        """The latencies in one line."""
        calm, restarting = (
            f"p50 {percentile(found, 50) * 1000:.0f} ms, p99 {percentile(found, 99) * 1000:.0f} ms ({len(found)} turns)"
            for found in (self.calm, self.restarting)
        )
        return f"{self.conversations} conversations in {self.seconds:.0f} s; calm {calm}; restarting {restarting}"

    def __str__(self) -> str:
        return f"{self.figure}\n\n{checker.table(self.violations)}"


async def run(folder: Path, database: str, seed: int, scale: Scale) -> Rolled:
    """Play a whole run on the database at *database*."""
    chance = random.Random(seed)
    began = time.monotonic()
    cluster = Cluster(
        folder,
        flow="twelve_questions",
        gateways=[()] * scale.gateways,
        workers=[()] * scale.workers,
        database=database,
    )
    async with cluster:
        provider = Provider(cluster.gateway_urls, chance, everywhere=EVERYWHERE)
        accounts = list(RULES)
        talks = [talk(accounts[n % len(accounts)], f"contato-{n}", FULL) for n in range(scale.talks)]
        async with asyncio.TaskGroup() as group:
            group.create_task(provider.play(posts(chance, talks, pace=scale.pace, spread=scale.spread)))
            work = group.create_task(_work(cluster, scale))
        quiet = await settled(cluster, scale.patience)
        calm, restarting = [await _latencies(cluster, window) for window in work.result()]
        evidence = await gather(cluster, provider, talks)
        hung = [] if quiet else [f"after {scale.patience:.0f} s it has not\n{cluster.tails()}"]
    found = checker.violations(evidence) | {"the run came to rest": hung}
    return Rolled(found, calm, restarting, len(evidence.conversations), time.monotonic() - began)


async def _work(cluster: Cluster, scale: Scale) -> tuple[Window, Window]:
    """Restart every process gracefully, one after the other, then kill each once; return what was calm and what not."""
    begin, end = scale.calm
    await asyncio.sleep(begin)
    calm = datetime.now(UTC)
    await asyncio.sleep(end - begin)
    restarting = datetime.now(UTC)
    everyone = [*cluster.gateways, *cluster.workers]
    for lives in everyone:
        await lives.restart()
        await asyncio.sleep(scale.pause)
    done = datetime.now(UTC)
    for lives in everyone:
        await lives.kill()
        await lives.start()
        await asyncio.sleep(scale.pause)
    return (calm, restarting), (restarting, done)


async def _latencies(cluster: Cluster, window: Window) -> list[float]:
    """Return, of the messages that came within *window*, the seconds until the last answer to each was taken.

    A turn writes one time into all that it consumes and queues; so an answer is found by it.
    """
    answered = (
        select(inbox.c.received_at, func.max(outbox.c.settled_at))
        .join(
            outbox,
            (outbox.c.conversation_id == inbox.c.consumed_by_conversation)
            & (outbox.c.queued_at == inbox.c.consumed_at),
        )
        .where(inbox.c.received_at.between(*window), outbox.c.settled_at.is_not(None))
        .group_by(inbox.c.id, inbox.c.received_at)
    )
    async with cluster.database.read() as connection:
        rows = (await connection.execute(answered)).all()
    return [(settled_at - received_at).total_seconds() for received_at, settled_at in rows]
