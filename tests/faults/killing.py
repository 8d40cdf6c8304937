"""Contacts that talk with a `prosa up` until its programs have been killed so many times, and what they noticed."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy import func, select

from journal.tables import inbox
from tests.faults import checker
from tests.faults.customers import Post, Provider, Talk
from tests.faults.evidence import gather
from tests.faults.installation import RULES
from tests.faults.run import settled
from tests.faults.supervised import Supervised
from tests.faults.waits import Answered, answered
from tests.faults.wire import Said

FLOW: Final = "endless_questions"
PACE: Final = (4.0, 16.0)
"""Seconds between two messages of a contact in a hurry."""
PATIENT: Final = (10.0, 40.0)
"""The same, of one who is not answered for minutes."""
LOOK: Final = 0.25
"""Seconds between two looks at the gateway."""
BACKOFF: Final = (0.2, 2.0)
"""Seconds: short, because the time until everything is consumed shall be that of Prosa."""
HANG: Final = 120.0

Kill = Callable[[Supervised, random.Random], Awaitable[list[datetime]]]
"""Kills, and returns when it did."""


@dataclass
class Killed:
    """What a run showed; times in seconds."""

    kills: list[datetime]
    consumed_after: float
    """From the moment when the contacts fell silent, which is when *kill* was done."""
    unanswered: list[str]
    """How long the gateway did not answer, each time, and why at first."""
    answered: list[Answered]
    violations: dict[str, list[str]]
    said: str
    facts: dict[str, int] = field(default_factory=dict[str, int])

    def __str__(self) -> str:
        gaps = ", ".join(self.unanswered) or "none"
        facts = ", ".join(f"{count} {name}" for name, count in self.facts.items())
        return (
            f"{len(self.kills)} kills; {facts}; everything consumed {self.consumed_after:.1f} s after it; "
            f"without the gateway: {gaps}\n\n{checker.table(self.violations)}\n\n{self.said}"
        )


async def run(
    folder: Path, kill: Kill, *, workers: int = 1, contacts: int = 25, pace: tuple[float, float] = PACE
) -> Killed:
    """Let *contacts* talk while *kill* kills; judge what is left when all is quiet.

    *pace* is how many seconds lie between two messages of one contact, at least and at most.
    """
    chance = random.Random(1)
    async with Supervised(folder, flow=FLOW, workers=workers) as up:
        provider = Provider(up.gateway_urls, chance, backoff=BACKOFF)
        over = asyncio.Event()
        looking = asyncio.create_task(_unanswered(up.gateway_urls[0], over))
        accounts = list(RULES)
        talking = [
            asyncio.create_task(_talk(provider, accounts[n % len(accounts)], f"contato-{n}", pace, over))
            for n in range(contacts)
        ]
        kills = await kill(up, chance)
        last = time.monotonic()
        over.set()
        talks = await asyncio.gather(*talking)
        hung = [] if await _consumed(up) else [f"after {HANG:.0f} s it has not\n{up.tails()}"]
        consumed_after = time.monotonic() - last
        await settled(up, HANG)
        evidence = await gather(up, provider, talks)
        facts = {
            "contacts": contacts,
            "messages": sum(len(talk.messages) for talk in talks),
            "requests that had to come again": provider.tried_again,
            "parts marked repeated": sum(row["repeated"] for row in evidence.outbox),
            "parts unknown": sum(row["state"] == "unknown" for row in evidence.outbox),
        }
        found = checker.violations(evidence) | {"everything was consumed": hung}
        return Killed(kills, consumed_after, await looking, await answered(up), found, up.said(), facts)


async def kill_often(up: Supervised, chance: random.Random, kind: str, times: int, life: float) -> list[datetime]:
    """Kill the program *kind*, each life after at most *life* seconds, ready or not."""
    kills: list[datetime] = []
    dead = 0
    for _ in range(times):
        while await up.program(kind) == dead:  # noqa: ASYNC110 - it is prosa up that starts another one
            await asyncio.sleep(0.05)
        await asyncio.sleep(chance.uniform(0, life))
        dead = await up.kill(kind)
        kills.append(datetime.now(UTC))
    return kills


async def _talk(provider: Provider, account: str, address: str, pace: tuple[float, float], over: asyncio.Event) -> Talk:
    """Say one thing after the other, each once the one before has been taken, until it is over."""
    said: list[Said] = []
    chance = random.Random(address)
    while not over.is_set():
        n = len(said)
        said.append(Said(account=account, address=address, id=f"{address}-{n}", text=f"{address} diz {n}"))
        await provider.play([Post(0, (said[-1],))])
        await _pause(over, chance.uniform(*pace))
    return Talk(account, address, tuple(said))


async def _unanswered(url: str, over: asyncio.Event) -> list[str]:
    """Look at the gateway until it is over; return how long it did not answer, each time, and why at first."""
    gaps: list[str] = []
    since, why = 0.0, ""
    fresh = httpx.Limits(max_keepalive_connections=0)  # a kept one may just be closed for its age
    async with httpx.AsyncClient(timeout=10, limits=fresh) as http:
        while not over.is_set():
            try:
                (await http.get(f"{url}/health")).raise_for_status()
            except httpx.HTTPError as error:
                since, why = (since, why) if why else (time.monotonic(), type(error).__name__)
            else:
                gaps += [f"{time.monotonic() - since:.1f} s ({why})"] if why else []
                why = ""
            await _pause(over, LOOK)
    return [*gaps, f"until the end ({why})"] if why else gaps


async def _pause(over: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(over.wait(), seconds)
    except TimeoutError:
        return


async def _consumed(up: Supervised) -> bool:
    """Wait until every message has been read by its conversation; False when that takes too long."""
    unread = select(func.count()).select_from(inbox).where(inbox.c.state.in_(["received", "forwarded"]))
    began = time.monotonic()
    while time.monotonic() - began < HANG:
        async with up.database.read() as connection:
            if not await connection.scalar(unread):
                return True
        await asyncio.sleep(0.2)
    return False
