"""The one HTTP client of a process: no redirects, no retries of its own; Temporal owns retries."""

from typing import Final

import httpx

from domain.limits import LIMITS

_MOST: Final = 200
"""Connections at a time."""


def client(idle: int = 50) -> httpx.AsyncClient:
    """Return a client with pooled connections and the provider call's time limit; close it with the process.

    *idle* is how many connections are kept for the next call.
    """
    limit = LIMITS.provider_call.total_seconds()
    return httpx.AsyncClient(
        timeout=httpx.Timeout(limit, connect=min(5.0, limit)),
        limits=httpx.Limits(max_connections=_MOST, max_keepalive_connections=idle),
        follow_redirects=False,
        headers={"user-agent": "prosa"},
    )
