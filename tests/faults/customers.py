"""Simulated contacts, and their provider: shuffled, repeated, and tried again until the gateway says 200."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from itertools import pairwise
from typing import Final, NamedTuple

import httpx

from tests.faults import wire
from tests.faults.wire import Said

WINDOW: Final = 2.5
"""Places by which a message may be early or late."""
REPEATED: Final = 0.3
BATCHED: Final = 0.1
BACKOFF: Final = (0.2, 6.0)
"""Seconds: the first and the longest pause before a request comes again."""
STRAGGLER: Final = 0.3
"""Which share of the repeats comes after everything else has been said."""


class Talk(NamedTuple):
    """What one contact says in one conversation: the opening and the answers."""

    account: str
    address: str
    messages: tuple[Said, ...]


class Post(NamedTuple):
    """One request, *at* so many seconds from the beginning."""

    at: float
    messages: tuple[Said, ...]


def talk(account: str, address: str, count: int) -> Talk:
    """Return a talk of *count* messages."""
    said = (
        Said(account=account, address=address, id=f"{address}-{n}", text=f"{address} diz {n}") for n in range(count)
    )
    return Talk(account, address, tuple(said))


def posts(chance: random.Random, talks: Iterable[Talk], *, pace: float, spread: float | None = None) -> list[Post]:
    """Return every request for *talks*: a message each *pace* seconds, shuffled, some in one request, 30 % again.

    The talks begin in the first *spread* seconds; in the first *pace* when not said.
    """
    planned: list[Post] = []
    for one in talks:
        begin = chance.uniform(0, pace if spread is None else spread)
        first = [Post(begin + pace * (n + chance.uniform(0, WINDOW)), (said,)) for n, said in enumerate(one.messages)]
        first.sort()
        end = first[-1].at
        for before, after in pairwise(first):
            if chance.random() < BATCHED:
                planned.append(Post(before.at, (*after.messages, *before.messages)))
        batched = {said.id for post in planned if len(post.messages) > 1 for said in post.messages}
        planned += [post for post in first if post.messages[0].id not in batched]
        for post in first:
            if chance.random() < REPEATED:
                late = end if chance.random() < STRAGGLER else post.at
                planned.append(Post(late + chance.uniform(0, 4 * pace), post.messages))
    return sorted(planned)


class Provider:
    """Posts what the contacts say, as providers do: again and again until it is taken."""

    def __init__(
        self,
        urls: Sequence[str],
        chance: random.Random,
        *,
        everywhere: float = 0.0,
        backoff: tuple[float, float] = BACKOFF,
    ) -> None:
        """Post each request to one of *urls*; so many of them, a share of 1, to all of them at once."""
        self.taken: Counter[Said] = Counter()
        """How often a request with this message was answered with 200."""
        self.posted = 0
        self.tried_again = 0
        self.refused: list[str] = []
        """Answers that say: never."""
        self._urls = urls
        self._chance = chance
        self._everywhere = everywhere
        self._backoff = backoff

    async def play(self, planned: Iterable[Post]) -> None:
        """Make all requests at their times; returns when each has been taken."""
        limits = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(timeout=10, limits=limits) as client, asyncio.TaskGroup() as group:
            for post in planned:
                at_once = [(url,) for url in self._urls] if self._chance.random() < self._everywhere else [self._urls]
                for urls in at_once:
                    group.create_task(self._post(client, post, urls))

    async def _post(self, client: httpx.AsyncClient, post: Post, urls: Sequence[str]) -> None:
        await asyncio.sleep(post.at)
        content = wire.body(post.messages)
        account, identifier = post.messages[0].account, post.messages[0].id
        wait, most = self._backoff
        while True:
            url = f"{self._chance.choice(urls)}{wire.PATH}{account}"
            try:
                answer = await client.post(url, content=content, headers=wire.sign(identifier, content))
            except httpx.HTTPError:
                status = 0
            else:
                status = answer.status_code
            self.posted += 1
            if status == HTTPStatus.OK:
                self.taken.update(post.messages)
                return
            if httpx.codes.is_client_error(status):
                self.refused.append(f"{identifier}: {status}")
                return
            self.tried_again += 1
            await asyncio.sleep(wait * self._chance.uniform(0.5, 1.5))
            wait = min(wait * 2, most)
