"""Standard Webhooks, from its specification (version 1.0.0, section "Verifying webhook authenticity")."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

TOLERANCE = 5 * 60
PREFIX = "whsec_"


def fault(secret: str, headers: Mapping[str, str], body: bytes) -> str | None:
    """Return what is wrong with a signed request, None when nothing is."""
    missing = [name for name in ("webhook-id", "webhook-timestamp", "webhook-signature") if not headers.get(name)]
    if missing:
        return f"missing header: {', '.join(missing)}"
    timestamp = headers["webhook-timestamp"]
    if not timestamp.isdigit():
        return "webhook-timestamp is not a number of seconds"
    if abs(time.time() - int(timestamp)) > TOLERANCE:
        return "webhook-timestamp is too old or too new"
    key = base64.b64decode(secret[len(PREFIX) :]) if secret.startswith(PREFIX) else secret.encode()
    content = f"{headers['webhook-id']}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    for signature in headers["webhook-signature"].split(" "):
        version, _, value = signature.partition(",")
        if version == "v1" and hmac.compare_digest(value.encode(), expected.encode()):
            return None
    return "no signature fits"
