"""What goes over the wire, as channels/http.py speaks it: Standard Webhooks, both ways."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

ACCOUNT: Final = "bench"
SECRET: Final = "a-secret-of-the-benchmark"
_TOLERANCE: Final = 300


def message(message_id: str, address: str, text: str, choice: str | None = None) -> bytes:
    """Return the body of a webhook: *address* says *text*, or taps the option *choice* of that label."""
    body = {"type": "message", "id": message_id, "from": address, "text": text}
    if choice is not None:
        body["choice"] = choice
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def outgoing(key: str, address: str, text: str, options: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return the body of a message to *address*, byte for byte as the http channel writes it."""
    offered = [{"id": id_, "label": label} for id_, label in options]
    body: dict[str, Any] = {"id": key, "to": address, "type": "message", "text": text, "options": offered, "file": None}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def sign(identifier: str, body: bytes) -> dict[str, str]:
    """Return the headers that vouch for *body*."""
    timestamp = str(int(time.time()))
    return {
        "content-type": "application/json",
        "webhook-id": identifier,
        "webhook-timestamp": timestamp,
        "webhook-signature": _signature(identifier, timestamp, body),
    }


def verified(headers: Mapping[str, str], body: bytes) -> bool:
    """Say whether *headers* vouch for *body*, now."""
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > _TOLERANCE:
        return False
    expected = _signature(headers.get("webhook-id", ""), timestamp, body)
    return hmac.compare_digest(expected, headers.get("webhook-signature", ""))


def _signature(identifier: str, timestamp: str, body: bytes) -> str:
    signed = b".".join((identifier.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
