"""Signatures of providers: each is good for one account, also where two accounts have the same secret."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

LIFE: Final = 660.0
"""Seconds in which a signature may come again: its time may be five minutes off, both ways."""
REMEMBERED: Final = 100_000
"""Signatures kept in memory; of more, the oldest are forgotten."""


class Signatures:
    """Remembers on which account each signature was used first, in the memory of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._used: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._used)

    def is_anothers(self, signature: str, account: str) -> bool:
        """Return whether another account than *account* has used *signature*; from now on it is that of *account*."""
        self._forget()
        first, _ = self._used.setdefault(signature, (account, self._clock()))
        return first != account

    def _forget(self) -> None:
        before = self._clock() - LIFE
        while self._used and (len(self._used) >= REMEMBERED or next(iter(self._used.values()))[1] < before):
            self._used.popitem(last=False)
