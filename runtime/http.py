"""The one HTTP client of a process: no redirects, no cookies, no retries of its own; Temporal owns retries."""

from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

from domain.limits import LIMITS

_MOST: Final = 200
"""Connections at a time."""


def client(idle: int = 50, seconds: float = LIMITS.provider_call.total_seconds()) -> httpx.AsyncClient:
    """Return a client with pooled connections that waits *seconds* for a call; close it with the process.

    *idle* is how many connections are kept for the next call. Nothing that one call leaves behind reaches the next:
    a cookie set for one customer would travel in another's call.
    """
    return httpx.AsyncClient(
        timeout=httpx.Timeout(seconds, connect=min(5.0, seconds)),
        limits=httpx.Limits(max_connections=_MOST, max_keepalive_connections=idle),
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        headers={"user-agent": "prosa"},
    )
