"""One fault run: contacts talk while everything that can die does, and then it is quiet."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from temporalio.service import RPCError

from journal.tables import conversation, inbox, journal, outbox
from tests.faults import checker, plans
from tests.faults.cluster import Cluster
from tests.faults.customers import Provider, Talk, posts, talk
from tests.faults.evidence import Evidence, gather
from tests.faults.installation import RULES

FULL: Final = 13
"""Messages of a talk that goes through the whole flow: one opens it, twelve answer."""
STOPS_EARLY: Final = 5
"""One contact of so many stops in the middle."""
QUIET: Final = 9.0
"""Seconds; reminders come after six."""


@dataclass(frozen=True)
class Size:
    """How big a run is; times in seconds."""

    talks: int = 30
    each: int = 2
    """How often each failpoint kills."""
    gateways: int = 1
    workers: int = 1
    pace: float = 5.0
    """Between two messages of one contact."""
    temporal_kills: int = 2
    erp_down: float = 60.0
    hang: float = 600.0
    """After which the run is judged as it stands."""


@dataclass
class Outcome:
    """What a run did and what the checker says."""

    seed: int
    each: int
    """How often each failpoint was to kill."""
    fired: Counter[str]
    violations: dict[str, list[str]]
    facts: dict[str, int] = field(default_factory=dict[str, int])

    def __str__(self) -> str:
        kills = "\n".join(f"{n:>6}  {name}" for name, n in sorted(self.fired.items()))
        facts = "\n".join(f"{value:>8}  {name}" for name, value in self.facts.items())
        return f"seed {self.seed}\n\n{facts}\n\nkills\n{kills}\n\n{checker.table(self.violations)}"


async def run(folder: Path, seed: int, size: Size) -> Outcome:
    """Play a whole run; the same seed gives the same plans and messages (not the same timing)."""
    chance = random.Random(seed)
    began = time.monotonic()
    cluster = Cluster(
        folder,
        flow="twelve_questions",
        gateways=plans.deal(chance, plans.GATEWAY, size.each, size.gateways),
        workers=plans.deal(chance, plans.WORKER, size.each, size.workers),
    )
    async with cluster:
        provider = Provider(cluster.gateway_urls, chance)
        talks = list(_talks(chance, size.talks))
        hung: list[str] = []
        try:
            async with asyncio.timeout(size.hang):
                async with asyncio.TaskGroup() as group:
                    group.create_task(provider.play(posts(chance, talks, pace=size.pace)))
                    group.create_task(_kill_temporal(cluster, chance, size))
                    group.create_task(_take_the_erp_away(cluster, size))
                    group.create_task(_drop_answers(cluster, chance, size))
                    group.create_task(_keep_talking(cluster, provider, chance, talks))
                await _quiet(cluster)
        except TimeoutError:
            hung = [f"after {size.hang} s it has not\n{cluster.tails()}"]
        evidence = await gather(cluster, provider, talks)
        facts = _facts(cluster, provider, evidence) | {"seconds": round(time.monotonic() - began)}
    return Outcome(seed, size.each, cluster.fired, checker.violations(evidence) | {"the run came to rest": hung}, facts)


def _facts(cluster: Cluster, provider: Provider, evidence: Evidence) -> dict[str, int]:
    states = Counter(f"parts {row['state']}" for row in evidence.outbox)
    stages = Counter(f"conversations {row['stage']}" for row in evidence.conversations)
    return {
        "talks": len(evidence.talks),
        **dict(sorted(stages.items())),
        "messages said": sum(len(one.messages) for one in evidence.talks),
        "messages acknowledged": len(evidence.acked),
        "messages acknowledged again": sum(provider.taken.values()) - len(provider.taken),
        "requests": provider.posted,
        "requests that had to come again": provider.tried_again,
        **dict(sorted(states.items())),
        "parts marked repeated": sum(row["repeated"] for row in evidence.outbox),
        "provider calls": len(evidence.calls),
        "provider calls taken": sum(call.taken for call in evidence.calls),
        "kills of Temporal": cluster.temporal.killed,
        "kills of the ERP": cluster.erp.killed,
        "second copies of the ERP": evidence.copies,
    }


def _talks(chance: random.Random, count: int) -> list[Talk]:
    """Return talks on all accounts in turn; some stop in the middle and stay open."""
    accounts = cycle(RULES)
    lengths = [FULL if n % STOPS_EARLY else chance.randint(1, FULL - 1) for n in range(count)]
    return [talk(next(accounts), f"contato-{n}", length) for n, length in enumerate(lengths, 1)]


async def _keep_talking(cluster: Cluster, provider: Provider, chance: random.Random, talks: list[Talk]) -> None:
    """Bring more contacts while there are failpoints that have not been reached."""
    numbers, accounts = count(1), cycle(RULES)
    while cluster.planned:
        await asyncio.sleep(1)
        if len(provider.taken) < sum(len(one.messages) for one in talks):
            continue
        more = [talk(next(accounts), f"mais-{next(numbers)}", FULL) for _ in range(3)]
        talks += more
        await provider.play(posts(chance, more, pace=0.5))


async def _kill_temporal(cluster: Cluster, chance: random.Random, size: Size) -> None:
    for _ in range(size.temporal_kills):
        await asyncio.sleep(chance.uniform(2, 5) * size.pace)
        await cluster.kill_temporal()


async def _take_the_erp_away(cluster: Cluster, size: Size) -> None:
    await cluster.erp.kill()
    await asyncio.sleep(size.erp_down)
    await cluster.erp.start()


async def _drop_answers(cluster: Cluster, chance: random.Random, size: Size) -> None:
    """Let the providers take a message and say nothing, now and then."""
    for _ in range(3):
        await asyncio.sleep(chance.uniform(1, 3) * size.pace)
        for name in cluster.providers:
            await cluster.switch(name, drop_after_accept=1)


async def settled(cluster: Cluster, patience: float) -> bool:
    """Wait at most *patience* seconds until all is quiet; say whether it is."""
    try:
        async with asyncio.timeout(patience):
            await _quiet(cluster)
    except TimeoutError:
        return False
    return True


async def _quiet(cluster: Cluster) -> None:
    """Return when nothing has been left to do, and nothing has happened, for longer than a reminder takes."""
    since, before = time.monotonic(), -1
    while time.monotonic() - since < QUIET:
        await asyncio.sleep(0.5)
        now = await _last_event(cluster)
        if now is None or now != before:
            since, before = time.monotonic(), now if now is not None else -1


async def _last_event(cluster: Cluster) -> int | None:
    """Return the id of the newest event in the journal; None while something is left to do."""
    unread = select(func.count()).select_from(inbox).where(inbox.c.state.in_(["received", "forwarded"]))
    unsent = select(func.count()).select_from(outbox).where(outbox.c.state.in_(["queued", "sending"]))
    unended = select(func.count()).select_from(conversation).where(conversation.c.stage != "ended")
    async with cluster.database.read() as connection:
        left = (await connection.scalar(unread) or 0) + (await connection.scalar(unsent) or 0)
        count = await connection.scalar(unended) or 0
        newest = await connection.scalar(select(func.max(journal.c.id)))
    try:
        running = (await cluster.client.count_workflows('ExecutionStatus = "Running"')).count
    except RPCError:
        return None
    return None if left or running != count else newest or 0
