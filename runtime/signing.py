"""Signatures per Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable

from domain.errors import SettingsError
from runtime.secrets import LEAST


def signed(secrets: Iterable[str], identifier: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers that sign *body*, with each of *secrets*; *timestamp* in seconds.

    SettingsError for a secret that is written wrongly.
    """
    signatures = " ".join(signature(key(secret), identifier, str(timestamp), body) for secret in secrets)
    return {"webhook-id": identifier, "webhook-timestamp": str(timestamp), "webhook-signature": signatures}


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
