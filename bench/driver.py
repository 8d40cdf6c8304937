"""The driver: plays contacts against a stack, and times webhook to send on one clock."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

import httpx

from bench import wire
from bench.questions import QUESTIONS, Question, answer
from bench.stacks import Stack

HANG: Final = 120
"""Seconds after which a turn counts as lost."""


ATTEMPTS: Final = 5
PAUSE: Final = 0.5
"""Seconds before a webhook that was refused for the moment is posted again."""


class LostTurnError(RuntimeError):
    """A message was acknowledged and never answered, or not acknowledged at all."""


class Driver:
    """Contacts of one stack, who answer *questions* in order; `on_turn` is called after each turn."""

    def __init__(
        self, stack: Stack, http: httpx.AsyncClient, on_turn: Callable[[], None], questions: Sequence[Question]
    ) -> None:
        self.stack = stack
        self._http = http
        self._on_turn = on_turn
        self._questions = questions
        self._said: Counter[str] = Counter()
        self._numbers = itertools.count(1)
        self.posted_again = 0

    async def turn(self, address: str) -> float:
        """Say something as *address*; return the seconds from posting it until the provider had the reply."""
        return (await self._say(address, 1))[0]

    async def burst(self, addresses: Sequence[str], each: int) -> list[float]:
        """Have all contacts speak in the same instant, *each* messages one behind the other.

        Return the seconds from that instant until each message was answered.
        """
        times = await asyncio.gather(*(self._say(address, each) for address in addresses))
        return [seconds for one in times for seconds in one]

    async def _say(self, address: str, count: int) -> list[float]:
        """Post *count* messages without waiting for replies; return the seconds until each reply."""
        posted_at = asyncio.get_running_loop().time()
        replies = [await self._begin(address) for _ in range(count)]
        return [await self._received(address, reply) - posted_at for reply in replies]

    async def _begin(self, address: str) -> asyncio.Future[float]:
        """Post what the contact says next; return when the reply is received."""
        message_id = f"m{next(self._numbers)}"
        text, choice = answer(self._questions, self._said[address], message_id)
        self._said[address] += 1
        reply = self.stack.provider.expect(address)
        await self._post(message_id, wire.message(message_id, address, text, choice))
        return reply

    async def _received(self, address: str, reply: asyncio.Future[float]) -> float:
        try:
            async with asyncio.timeout(HANG):
                received_at = await reply
        except TimeoutError:
            self.stack.check()
            raise LostTurnError(f"{self.stack.system} did not reply to {address!r} in {HANG} s") from None
        self._on_turn()
        return received_at

    async def _post(self, message_id: str, body: bytes) -> None:
        """Post a webhook as providers do: again when the answer is a 5xx."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = await self._http.post(self.stack.webhook, content=body, headers=wire.sign(message_id, body))
            except httpx.TransportError as error:
                self.stack.check()
                raise LostTurnError(f"{self.stack.system} did not take a webhook: {type(error).__name__}") from error
            if answer.status_code == HTTPStatus.OK:
                return
            if attempt == ATTEMPTS or not answer.is_server_error:
                raise LostTurnError(f"{self.stack.system} answered a webhook with {answer.status_code}: {answer.text}")
            self.posted_again += 1
            await asyncio.sleep(PAUSE)

    async def turns(self, address: str, count: int, think: float = 0.0) -> list[float]:
        """Take *count* turns one after the other, *think* seconds apart; return their times."""
        times: list[float] = []
        for _ in range(count):
            times.append(await self.turn(address))
            await asyncio.sleep(think)
        return times

    async def open(self, name: str, count: int, *, at_once: int = 20) -> list[str]:
        """Open *count* conversations with one turn each; return their addresses."""
        addresses = [f"{name}-{number}" for number in range(count)]
        slots = asyncio.Semaphore(at_once)

        async def one(address: str) -> None:
            async with slots:
                await self.turn(address)

        async with asyncio.TaskGroup() as group:
            for address in addresses:
                group.create_task(one(address))
        return addresses

    async def saturate(self, addresses: list[str], count: int) -> float:
        """Take *count* turns in all, every contact answering at once; return the seconds that it took."""
        left = itertools.count(count, -1)

        async def one(address: str) -> None:
            while next(left) > 0:
                await self.turn(address)

        loop = asyncio.get_running_loop()
        started_at = loop.time()
        async with asyncio.TaskGroup() as group:
            for address in addresses:
                group.create_task(one(address))
        return loop.time() - started_at


@asynccontextmanager
async def driving(
    stack: Stack, on_turn: Callable[[], None], questions: Sequence[Question] = QUESTIONS
) -> AsyncGenerator[Driver]:
    """Drive *stack* while inside."""
    # A connection is given up before uvicorn does so, after 5 s: else a webhook may meet its end.
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200, keepalive_expiry=3)
    async with httpx.AsyncClient(timeout=HANG, limits=limits) as http:
        yield Driver(stack, http, on_turn, questions)
