"""What a front end on the HTTP channel posts, written from its docstring and the Standard Webhooks specification."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from tests.faults.installation import SECRET

PATH: Final = "/webhooks/http/"


class Said(NamedTuple):
    """One message of a simulated contact."""

    account: str
    address: str
    id: str
    text: str

    def item(self) -> dict[str, str]:
        """Return it as the wire has it."""
        return {"type": "message", "id": self.id, "from": self.address, "text": self.text}


def body(messages: Sequence[Said]) -> bytes:
    """Return one item as it is, several as a list."""
    items = [message.item() for message in messages]
    return json.dumps(items[0] if len(items) == 1 else {"items": items}, ensure_ascii=False).encode()


def sign(identifier: str, content: bytes) -> dict[str, str]:
    """Return the headers of a request made now."""
    timestamp = str(int(time.time()))
    signed = b".".join((identifier.encode(), timestamp.encode(), content))
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "webhook-id": identifier,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }
