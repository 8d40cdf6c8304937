"""One run: all attacks one after the other, right messages beside them, and what came of it."""

import asyncio
import os
import random
from collections.abc import Callable
from typing import Final, NamedTuple

from tests.fuzz import playing, slow
from tests.fuzz.bodies import Bodies
from tests.fuzz.doors import Attack, Doors
from tests.fuzz.findings import Findings
from tests.fuzz.shapes import Shapes
from tests.fuzz.siblings import Siblings
from tests.fuzz.signatures import REFUSALS, Signatures
from tests.fuzz.target import Target
from tests.fuzz.wire import exchange

_PATIENCE: Final = 30.0
"""Seconds after which an answer is missing."""
_GLANCE: Final = 0.3
"""Seconds for the answer to a request that has no end."""
_EACH: Final = 8
"""Requests of one visitor: the web chat takes 20 in ten seconds."""
_SPARE: Final = 10
"""Descriptors that a gateway may have more of after the slow connections: it has other work as well."""


class Size(NamedTuple):
    """How much is sent."""

    bodies: int
    shapes: int
    signatures: int
    lines: int
    """Slow connections of each kind, all at once."""
    hold: float
    """Seconds for which they are kept."""
    played: int
    """Of the messages that got in, those that are played."""

    @property
    def visitors(self) -> int:
        """Sessions that it takes."""
        return 20 + (self.bodies + self.shapes + self.signatures) // _EACH


SMALL: Final = Size(bodies=300, shapes=150, signatures=60, lines=2, hold=2.0, played=60)
WHOLE: Final = Size(bodies=5_000, shapes=1_200, signatures=400, lines=15, hold=45.0, played=2_000)


def seed() -> int:
    """Return the seed of this run: that of an earlier one when FUZZ_SEED says it."""
    return int(os.environ.get("FUZZ_SEED") or random.randrange(1_000_000))


async def run(target: Target, seed: int, size: Size) -> Findings:
    """Attack *target*, and return what was found."""
    found = Findings(seed)
    doors = await target.doors(size.visitors, size.bodies)
    siblings = Siblings(target.port, doors, found)
    attackers = _Attackers(target, found, siblings)
    bodies, shapes, forged = (kind(random.Random(seed), doors) for kind in (Bodies, Shapes, Signatures))
    async with siblings.sent(pause=0.1):
        await attackers.send(bodies.draw, size.bodies)
        await attackers.send(shapes.draw, size.shapes)
        await attackers.send(forged.draw, size.signatures, forged=True)
        await attackers.hold(doors, size)
    found.lost += siblings.missing(await target.stored())
    found.stopped += await playing.stopped(await target.messages(), size.played, random.Random(seed))
    return found


class _Attackers:
    """Send attacks to a gateway, and note what becomes of them."""

    def __init__(self, target: Target, found: Findings, siblings: Siblings) -> None:
        self._target = target
        self._found = found
        self._siblings = siblings
        target.log.lines()

    async def send(self, draw: Callable[[], Attack], count: int, *, forged: bool = False) -> None:
        """Send *count* attacks, one after the other; *forged* ones must be refused."""
        for _ in range(count):
            attack = draw()
            answer = await exchange(self._target.port, attack.raw, _PATIENCE if attack.complete else _GLANCE)
            self._found.judge(attack, answer, self._target.log.lines())
            if forged and answer.status not in REFUSALS:
                self._found.believed.append(f"{answer.status}: {attack.what}")
            if answer.status == 200:
                self._siblings.expect(attack.siblings)

    async def hold(self, doors: Doors, size: Size) -> None:
        """Keep slow connections of all kinds at once, and look at what they leave behind."""
        before = self._target.descriptors()
        lines = [slow.hold(kind, self._target.port, doors, size.hold) for kind in slow.KINDS for _ in range(size.lines)]
        refused = [error for error in await asyncio.gather(*lines, return_exceptions=True) if error is not None]
        self._found.left += [f"a connection was not taken: {error!r}" for error in refused]
        requests = len(lines) * int(1 + size.hold / slow.STEP)
        self._found.judge_lines("slow connections", self._target.log.lines(), requests)
        if not await self._settles(before + _SPARE):
            self._found.left.append(f"{self._target.descriptors()} descriptors, {before} before")

    async def _settles(self, descriptors: int) -> bool:
        for _ in range(100):
            if self._target.descriptors() <= descriptors:
                return True
            await asyncio.sleep(0.1)
        return False
