"""Signs webhooks of the account `front` as its middleware would."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import httpx

from tests.gateway.fakes import Gateway

SECRET = b"front-secret-of-many-letters"


def headers(body: bytes) -> dict[str, str]:
    timestamp = str(int(time.time()))
    mac = hmac.new(SECRET, b"wh." + timestamp.encode() + b"." + body, hashlib.sha256).digest()
    return {
        "webhook-id": "wh",
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def message(number: int | str, text: str = "oi", sender: str = "5511987654321", **more: Any) -> dict[str, Any]:
    return {"type": "message", "id": f"m{number}", "from": sender, "text": text, **more}


async def post(gateway: Gateway, body: object) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await gateway.http.post("/webhooks/http/front", content=content, headers=headers(content))
