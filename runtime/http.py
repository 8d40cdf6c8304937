"""The one HTTP client of a process: no redirects, no retries of its own; Temporal owns retries."""

from typing import Final
from urllib.request import getproxies

import httpx

from domain.limits import LIMITS
from runtime.connections import Connections

_MOST: Final = 200
"""Connections at a time."""


def client(idle: int = 50) -> httpx.AsyncClient:
    """Return a client with pooled connections and the provider call's time limit; close it with the process.

    *idle* is how many connections are kept for the next call. Where the environment names a proxy, httpx's own pool
    goes through it.
    """
    limit = LIMITS.provider_call.total_seconds()
    return httpx.AsyncClient(
        timeout=httpx.Timeout(limit, connect=min(5.0, limit)),
        limits=httpx.Limits(max_connections=_MOST, max_keepalive_connections=idle),
        transport=Connections(_MOST, idle) if idle and not getproxies() else None,
        follow_redirects=False,
        headers={"user-agent": "prosa"},
    )
