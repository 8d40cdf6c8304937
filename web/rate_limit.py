"""How much one sender may send."""

import ipaddress
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Final

from starlette.requests import Request

from channels.base import Rate

SENDERS: Final = 10_000
"""Senders remembered; of more, those that were silent longest are forgotten."""


class RateLimit:
    """Counts each sender's recent requests, in the memory of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sent: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sent)

    def wait(self, sender: Hashable, rate: Rate) -> int:
        """Count one more from *sender* and return 0, unless that is more than *rate*: the seconds to wait, then."""
        if wait := self.left(sender, rate):
            return wait
        self._sent.setdefault(sender, deque()).append(self._clock())
        self._sent.move_to_end(sender)
        while len(self._sent) > SENDERS:
            self._sent.popitem(last=False)
        return 0

    def left(self, sender: Hashable, rate: Rate) -> int:
        """Return the seconds that *sender* has to wait, without counting anything; 0 when it need not."""
        now = self._clock()
        sent = self._sent.get(sender, deque[float]())
        while sent and sent[0] <= now - rate.seconds:
            sent.popleft()
        return max(1, math.ceil(sent[0] + rate.seconds - now)) if len(sent) >= rate.count else 0


def place_of(request: Request) -> str:
    """Return the network that *request* comes from, as `source_of` does; empty for this machine, which has no limit."""
    source = source_of(request)
    try:
        return "" if ipaddress.ip_address(source).is_loopback else source
    except ValueError:  # a network, or no address
        return source


def source_of(request: Request) -> str:
    """Return the network that *request* comes from, this machine's own too."""
    return network_of(request.client.host if request.client else "")


def network_of(host: str) -> str:
    """Return the network that is counted as one sender: of IPv6 the /64 that one household has, else *host* itself."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address) or address.is_loopback:
        return host
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
