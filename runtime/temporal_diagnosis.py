"""Turn a refusal of Temporal into an error that says how to mend it."""

import base64
import json
import re
from datetime import UTC, datetime
from typing import Any, Final

from temporalio.service import RPCError, RPCStatusCode

from domain.errors import SettingsError, TemporalError
from runtime.settings import Settings
from runtime.temporal_credentials import read
from runtime.temporal_probe import probe

_REFUSED: Final = frozenset({RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.PERMISSION_DENIED})
_STATUS: Final = re.compile(r'code: (\w+), message: "((?:[^"\\]|\\.)*)"')
"""The answer to the SDK's first call, in the text of the RuntimeError that it raises then."""
_CODES: Final = {"Unauthenticated": RPCStatusCode.UNAUTHENTICATED, "PermissionDenied": RPCStatusCode.PERMISSION_DENIED}


async def diagnose(settings: Settings, error: Exception) -> TemporalError | SettingsError:
    """Return why Temporal could not be reached when the SDK raised *error*; tries the connection once more."""
    if isinstance(error, (TemporalError, SettingsError)):
        return error
    if isinstance(error, RPCError) and (known := refusal(settings, error)):
        return known
    try:
        await probe(settings)
    except (TemporalError, SettingsError) as found:
        return found
    said = _STATUS.search(str(error))
    if said and (code := _CODES.get(said[1])) and (known := refusal(settings, RPCError(said[2], code, b""))):
        return known
    return TemporalError(f"Temporal at {settings.temporal_address!r} does not answer: {error}", "other")


def refusal(settings: Settings, error: RPCError) -> TemporalError | None:
    """Return the reason in an answer about our rights or the namespace; None when it is about something else."""
    where = f"Temporal at {settings.temporal_address!r}"
    namespace = settings.temporal.namespace
    if error.status == RPCStatusCode.NOT_FOUND and re.search("namespace", error.message, re.IGNORECASE):
        return TemporalError(f"{where} does not know the namespace {namespace!r}", "namespace")
    if error.status not in _REFUSED:
        return None
    if (ended := _expiry(settings)) and ended < datetime.now(UTC):
        return TemporalError(f"{where} refuses our API key, which expired at {ended:%Y-%m-%d %H:%M} UTC", "key_expired")
    if "expired" in error.message.lower():
        return TemporalError(f"{where} refuses our API key, which has expired: {error.message}", "key_expired")
    shown = "our API key" if settings.temporal.api_key else "us, who have no API key"
    return TemporalError(f"{where} refuses {shown}: {error.message}", "unauthorized")


def _expiry(settings: Settings) -> datetime | None:
    """Return until when our API key holds, where it says so itself, as a JSON Web Token does (RFC 7519, 4.1.4)."""
    try:
        _, claims, _ = read(settings).api_key.split(".")
        said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        return datetime.fromtimestamp(float(said["exp"]), UTC)
    except (SettingsError, ValueError, KeyError, TypeError, OverflowError, OSError):
        return None
