"""The visitor's address behind trusted proxies, which write it into `X-Forwarded-For`."""

import ipaddress
from collections.abc import Iterable
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_HEADER: Final = "x-forwarded-for"


def networks(written: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks that are *written* as `10.0.0.0/8` or `10.0.0.7`; ValueError for anything else."""
    return tuple(ipaddress.ip_network(one, strict=False) for one in written)


class Proxies:
    """ASGI middleware: a request that comes from a trusted proxy gets the address of the visitor behind it."""

    def __init__(self, app: ASGIApp, *, trusted: Iterable[str]) -> None:
        self._app = app
        self._trusted = networks(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope.get("client"):
            scope = {**scope, "client": self._visitor(scope["client"], Headers(scope=scope).getlist(_HEADER))}
        await self._app(scope, receive, send)

    def _visitor(self, client: Any, told: list[str]) -> tuple[str, int]:
        """Return the last address that no trusted proxy has: what stands before it, the visitor may have invented."""
        host, port = client
        chain = [one.strip() for line in told for one in line.split(",")]
        while chain and self._is_trusted(host):
            named = address(chain.pop())
            if named is None:
                break
            host, port = str(named), 0
        return host, port

    def _is_trusted(self, host: str) -> bool:
        found = address(host)
        return found is not None and any(found in network for network in self._trusted)


def address(written: str) -> Address | None:
    """Return the address in `192.0.2.7`, `192.0.2.7:4711`, `[2001:db8::7]:4711` or `2001:db8::7`; None without one."""
    bare = written[1:].partition("]")[0] if written.startswith("[") else written
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found
