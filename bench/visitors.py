"""Visitors of the web chat, each with a page that follows its events, and an address of its own."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import httpx

from bench.driver import HANG, LostTurnError
from bench.questions import QUESTIONS, answer

SITE: Final = "site"
THINK: Final = 0.6
"""Seconds between a reply and the next message: the web chat takes 20 in ten seconds."""


class Visitor:
    """One visitor, whose page is open."""

    def __init__(self, http: httpx.AsyncClient, number: int) -> None:
        self._http = http
        self._from = {"x-forwarded-for": f"198.51.100.{number + 1}"}
        self._reply: asyncio.Future[float] | None = None
        self._numbers = itertools.count()
        self.refused: Counter[int] = Counter()
        """Messages that were not taken at once, by the status of the answer."""

    async def open(self) -> None:
        """Open a session."""
        answered = await self._http.post(f"/webchat/{SITE}/sessions", headers=self._from)
        self._from["authorization"] = f"Bearer {answered.raise_for_status().json()['token']}"

    async def follow(self) -> None:
        """Read the page's events until cancelled."""
        async with self._http.stream("GET", f"/webchat/{SITE}/events", headers=self._from) as events:
            async for line in events.aiter_lines():
                if line == "event: message" and self._reply and not self._reply.done():
                    self._reply.set_result(asyncio.get_running_loop().time())

    async def turn(self) -> float:
        """Say something; return the seconds until the page has the reply."""
        loop = asyncio.get_running_loop()
        self._reply = loop.create_future()
        number = next(self._numbers)
        text, choice = answer(QUESTIONS, number, str(number))
        began = loop.time()
        await self._post({"id": f"m{number}", "text": text, "choice": choice})
        try:
            async with asyncio.timeout(HANG):
                return await self._reply - began
        except TimeoutError:
            raise LostTurnError(f"a visitor had no reply in {HANG} s") from None

    async def talk(self, seconds: float) -> list[float]:
        """Take turns for so long; return their times."""
        times: list[float] = []
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while loop.time() < end:
            times.append(await self.turn())
            await asyncio.sleep(THINK)
        return times

    async def _post(self, message: dict[str, str | None]) -> None:
        """Post a message as the page does: again until it is taken."""
        while True:
            try:
                posted = await self._http.post(f"/webhooks/webchat/{SITE}", json=message, headers=self._from)
            except httpx.TransportError:
                self.refused[0] += 1
            else:
                if posted.is_success:
                    return
                self.refused[posted.status_code] += 1
            await asyncio.sleep(0.5)


@asynccontextmanager
async def visiting(url: str, count: int) -> AsyncGenerator[list[Visitor]]:
    """Have so many visitors while inside, each after its first turn."""
    limits = httpx.Limits(max_connections=4 * count, max_keepalive_connections=4 * count, keepalive_expiry=3)
    async with httpx.AsyncClient(base_url=url, timeout=HANG, limits=limits) as http:
        visitors = [Visitor(http, number) for number in range(count)]
        for visitor in visitors:
            await visitor.open()
        pages = [asyncio.create_task(visitor.follow()) for visitor in visitors]
        try:
            for visitor in visitors:
                await visitor.turn()
            yield visitors
        finally:
            for page in pages:
                page.cancel()
            await asyncio.gather(*pages, return_exceptions=True)
