"""Where a name on the network leads: into the world, or into a private network."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from typing import Final

from domain.errors import ForbiddenHostError, HttpUnavailableError

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Host and port to IP addresses."""

_TUNNELS: Final = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""IPv6 addresses that stand for others: NAT64 (RFC 6052, 8215), 6to4 (RFC 3056), Teredo (RFC 4380)."""


async def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of *host*; HttpUnavailableError when it has none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise HttpUnavailableError(f"no address for {host!r}: {type(error).__name__}") from error
    return [str(address[0]) for *_, address in found]


async def address(host: str, port: int, *, private: bool, resolver: Resolve = resolve) -> str:
    """Return the IP address to call, so that the name cannot lead elsewhere between the look and the call.

    ForbiddenHostError when one of them is not public, unless *private*.
    """
    found = await resolver(host, port)
    if not found:
        raise HttpUnavailableError(f"no address for {host!r}")
    if not private and not all(map(is_public, found)):
        raise ForbiddenHostError(f"host {host!r} leads into a private network, which its settings do not allow")
    return found[0]


def is_public(written: str) -> bool:
    """Whether an IP address is one of the open internet."""
    ip = ipaddress.ip_address(written.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in tunnel for tunnel in _TUNNELS):
            return False
    return ip.is_global and not ip.is_multicast
