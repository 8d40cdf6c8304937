"""Where a name on the network leads: into the world, or into a private network."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from typing import Final

from domain.errors import ForbiddenHostError, HttpUnavailableError

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Host and port to IP addresses."""

_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
"""What is routed between networks of IPv6 (RFC 4291): not site-local and unassigned addresses."""
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 behind a translator (RFC 6052); a local translator's prefix (RFC 8215) cannot be judged."""
_DOCUMENTATION: Final = ipaddress.IPv6Network("3fff::/20")


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
    """Whether an IP address is one of the open internet; one that stands for others is what they are."""
    ip = ipaddress.ip_address(written.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if leads_to := _stands_for(ip):
            return all(is_public(str(one)) for one in leads_to)
        if ip not in _UNICAST or ip in _DOCUMENTATION:
            return False
    return ip.is_global and not ip.is_multicast


def _stands_for(ip: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    """Return the IPv4 addresses to which *ip* leads: mapped, NAT64, 6to4 (RFC 3056) or Teredo (RFC 4380)."""
    if ip.ipv4_mapped is not None:
        return (ip.ipv4_mapped,)
    if ip in _NAT64:
        return (ipaddress.IPv4Address(ip.packed[-4:]),)
    if ip.sixtofour is not None:
        return (ip.sixtofour,)
    return ip.teredo or ()
