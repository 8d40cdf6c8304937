"""Signatures per Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Final

from domain.errors import InvalidWebhookError, SettingsError
from runtime.secrets import LEAST

TOLERANCE: Final = 300
"""Seconds that the two clocks may differ, as Standard Webhooks advises."""


def signed(secrets: Iterable[str], identifier: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers that sign *body*, with each of *secrets*; *timestamp* in seconds.

    SettingsError for a secret that is written wrongly.
    """
    signatures = " ".join(signature(key(secret), identifier, str(timestamp), body) for secret in secrets)
    return {"webhook-id": identifier, "webhook-timestamp": str(timestamp), "webhook-signature": signatures}


def fitting(secrets: Iterable[str], headers: Mapping[str, str], body: bytes, now: float) -> str:
    """Return the signature among the three *headers*, names in lower case, that one of *secrets* made of *body*.

    InvalidWebhookError when none fits, or when it was made more than TOLERANCE seconds before or after *now*, in
    seconds since 1970; SettingsError for a secret that is written wrongly.
    """
    timestamp = headers.get("webhook-timestamp", "")
    said_at = int(timestamp[:12]) if timestamp.isascii() and timestamp.isdecimal() else 0
    if abs(now - said_at) > TOLERANCE:
        raise InvalidWebhookError("webhook-timestamp is missing, or more than five minutes off", forged=True)
    offered = headers.get("webhook-signature", "").encode().split()
    for secret in secrets:
        expected = signature(key(secret), headers.get("webhook-id", ""), timestamp, body)
        # Every offer is compared, so that the time taken says nothing about which one came close.
        if any([hmac.compare_digest(expected.encode(), one) for one in offered]):  # noqa: C419
            return expected
    raise InvalidWebhookError("webhook-signature does not fit", forged=True)


def key(secret: str) -> bytes:
    """Return the bytes to sign with: Standard Webhooks writes them in base64 after `whsec_`.

    SettingsError for a secret that is written wrongly, or can be guessed.
    """
    found = secret.encode()
    if secret.startswith("whsec_"):
        try:
            found = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error as error:
            raise SettingsError(
                "a secret that starts with 'whsec_' goes on in base64, and this one does not"
            ) from error
    if len(found) < LEAST:
        raise SettingsError(f"a secret that signs has {LEAST} bytes or more, this one {len(found)}")
    return found


def signature(key: bytes, identifier: str, timestamp: str, body: bytes) -> str:
    """Return one signature, as the header has it."""
    content = b".".join((identifier.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
