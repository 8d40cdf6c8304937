"""One HTTP call to a provider, and the delivery error that each outcome means."""

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import httpx

from domain.errors import AmbiguousSendError, CredentialError, NotSentError, RefusedError, SendError
from domain.limits import LIMITS
from runtime.attempt import joined


async def call(http: httpx.AsyncClient, request: httpx.Request, *, accept: Collection[int] = ()) -> httpx.Response:
    """Make one provider call, without retries, and return its answer: 2xx, or one of the statuses in *accept*.

    Any other outcome is the SendError for it: only a failure to connect, or an answer that says "later", proves that
    nothing was taken. Errors name the host alone: paths, headers and bodies hold secrets.
    """
    host = request.url.host
    try:
        async with joined(LIMITS.provider_call.total_seconds()) as attempt:  # httpx limits each read, not their sum
            attempt.host = host
            request.extensions["trace"] = attempt.watch
            response = await http.send(request)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise NotSentError(f"no connection to {host!r}: {type(error).__name__}") from error
    except httpx.RequestError as error:
        raise AmbiguousSendError(f"no answer from {host!r}: {type(error).__name__}") from error
    if not response.is_success and response.status_code not in accept:
        raise _refusal(host, response)
    return response


def _refusal(host: str, response: httpx.Response) -> SendError:
    status = response.status_code
    found = f"{host!r} answered {status}"
    later = _retry_after(response.headers.get("retry-after"))
    if status in _LATER or response.is_redirect or (status == HTTPStatus.SERVICE_UNAVAILABLE and later is not None):
        return NotSentError(found, retry_after=later)
    if response.is_server_error:
        return AmbiguousSendError(found)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return CredentialError(found)
    code = _CODE.search(response.text[:2_000])
    return RefusedError(f"{found}: {code['code']}" if code else found)


_LATER: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_CODE: Final = re.compile(r'"(?:code|error)"\s*:\s*"(?P<code>[A-Za-z][A-Za-z0-9_.-]{0,63})"')
"""A reason that is a word; sentences may hold personal data, and reasons are kept in histories."""


def _retry_after(value: str | None) -> timedelta | None:
    """Read seconds, or a date of HTTP; None when there is none."""
    if value is None:
        return None
    try:
        wait = timedelta(seconds=int(value)) if value.isdecimal() else parsedate_to_datetime(value) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):  # TypeError: a date without a zone
        return None
    return min(max(wait, timedelta()), timedelta(days=1))
