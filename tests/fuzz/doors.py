"""The ways into a gateway from outside, each with a request as its documentation has it."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final, NamedTuple
from urllib.parse import quote

from tests.fuzz.wire import Raw, request

FRONT: Final = "front"
SITE: Final = "site"
SECRETS: Final = {FRONT: "a-secret-of-the-front-end-of-32-letters", "other": "a-secret-of-another-front-end-32-letters"}
API: Final = "a-token-of-the-programs-of-32-letters"
FLOW: Final = "follow_up"


class Row(NamedTuple):
    """A message that the inbox must have."""

    account: str
    provider_message_id: str


class Attack(NamedTuple):
    """One request from outside that nobody would send."""

    what: str
    """In words, for the report."""
    raw: Raw
    siblings: tuple[Row, ...] = ()
    """Right messages within it, which must be stored."""
    complete: bool = True
    """Whether it has an end: for that of another one a gateway may wait."""


@dataclass(frozen=True)
class Visitor:
    """A session of the web chat."""

    session: str
    token: str


class Doors:
    """Writes requests; *visitors* take turns, because each may send only so much."""

    def __init__(self, visitors: Sequence[Visitor], callbacks: Iterable[str] = (), link: str = "/") -> None:
        self.link = link
        """The address of a file, as a contact gets it."""
        self._visitors = cycle(visitors)
        self._callbacks = iter(callbacks)
        self._number = 0

    def name(self) -> str:
        """Return a new name for a message."""
        self._number += 1
        return f"m{self._number}"

    def visitor(self) -> Visitor:
        """Return the visitor whose turn it is."""
        return next(self._visitors)

    def front(self, body: bytes, account: str = FRONT) -> Raw:
        """Return a signed webhook of the channel `http`."""
        return request("POST", f"/webhooks/http/{account}", sign(SECRETS[account], body), body)

    def chat(self, body: bytes, visitor: Visitor) -> Raw:
        """Return what a page of the web chat posts."""
        return request("POST", f"/webhooks/webchat/{SITE}", bearer(visitor.token), body)

    def sessions(self, body: bytes) -> Raw:
        """Return the request for a session."""
        return request("POST", f"/webchat/{SITE}/sessions", {"content-type": "application/json"}, body)

    def links(self, body: bytes, visitor: Visitor, step: str = "") -> Raw:
        """Return the request for a link to a session, or another *step* with one: `/look`."""
        return request("POST", f"/webchat/{SITE}/links{step}", bearer(visitor.token), body)

    def upload(self, body: bytes, visitor: Visitor, name: str, mime: str = "application/octet-stream") -> Raw:
        """Return an upload of the web chat; *name* is as odd as it likes."""
        path = f"/webchat/{SITE}/files?name={quote(name.encode('utf-8', 'surrogatepass'))}"
        return request("POST", path, {**bearer(visitor.token), "content-type": mime}, body)

    def programs(self, body: bytes, key: str) -> Raw:
        """Return the request of a program that opens a conversation."""
        return request("POST", "/conversations", {**bearer(API), "idempotency-key": key}, body)

    def callback(self, body: bytes) -> Raw:
        """Return another system's callback, each to an address of its own."""
        return request("POST", next(self._callbacks), {"content-type": "application/json"}, body)


def bearer(token: str) -> dict[str, str]:
    """Return the header that brings *token*."""
    return {"authorization": f"Bearer {token}"}


def sign(secret: str, body: bytes, identifier: str = "wh", timestamp: str | None = None) -> dict[str, str]:
    """Return the headers that sign *body* per Standard Webhooks."""
    timestamp = str(int(time.time())) if timestamp is None else timestamp
    mac = hmac.digest(secret.encode(), f"{identifier}.{timestamp}.".encode() + body, hashlib.sha256)
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": identifier, "webhook-timestamp": timestamp, "webhook-signature": signature}


def message(name: str, sender: str, text: str = "oi") -> Mapping[str, str]:
    """Return a right message of the channel `http`."""
    return {"type": "message", "id": name, "from": sender, "text": text}
