"""How many streams may be open, and how often one may be opened: in all, of one address, of one session."""

from collections import Counter
from collections.abc import Callable, Hashable
from typing import Final

from starlette.exceptions import HTTPException

from channels.base import Rate
from web.rate_limit import RateLimit

STREAMS: Final = 10
"""Streams that one session may follow at once."""
PLACE: Final = 200
"""Streams of one address, which may be that of a whole office."""
ALL: Final = 5_000
"""Streams of this process: half of the connections that it may have, so that providers keep theirs."""
OPENED: Final = Rate(count=60, seconds=60)
"""Streams that one session may open: each reads its conversations from the beginning, if it likes."""
OPENED_AT_PLACE: Final = Rate(count=300, seconds=60)
"""Streams that one address may open."""


class StreamPlaces:
    """Counts streams from before their answer begins until it has ended, and their openings."""

    def __init__(self, *, session: int = STREAMS, address: int = PLACE, everywhere: int = ALL) -> None:
        self._most = {"session": session, "address": address, "gateway": everywhere}
        self._taken: Counter[Hashable] = Counter()
        self._opened = RateLimit()

    def __len__(self) -> int:
        return self._taken["gateway", ""]

    def take(self, session: Hashable, place: str) -> Callable[[], None]:
        """Take a place, and return how to give it back; HTTPException 429 when there is none.

        *place* is where the page is; empty is this machine, which has no limit of its own.
        """
        wanted: dict[str, Hashable] = {"session": session, "gateway": ""}
        if place:
            wanted["address"] = place
        for kind, whose in wanted.items():
            if self._taken[kind, whose] >= self._most[kind]:
                raise HTTPException(429, f"too many streams of one {kind}", headers={"retry-after": "5"})
        self._limit(("session", session), OPENED)
        if place:
            self._limit(("address", place), OPENED_AT_PLACE)
        self._taken.update(wanted.items())
        return lambda: self._give_back(wanted)

    def _limit(self, whose: Hashable, rate: Rate) -> None:
        if wait := self._opened.wait(whose, rate):
            raise HTTPException(429, "too many streams opened", headers={"retry-after": str(wait)})

    def _give_back(self, places: dict[str, Hashable]) -> None:
        self._taken.subtract(places.items())
        for key in places.items():
            if not self._taken[key]:
                del self._taken[key]
