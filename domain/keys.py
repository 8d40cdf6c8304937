"""How rows, workflows and messages are named."""

import hashlib
import hmac
from typing import Final

SEPARATOR: Final = "\x1f"
OUTREACH: Final = "outreach"
"""The kind of inbox messages that open conversations for the company; their provider's id is the opener's key."""


def message_id(account: str, kind: str, provider_message_id: str) -> str:
    """Return the id of an inbox message, 32 hex digits: the same for every repeat of the same webhook."""
    key = SEPARATOR.join((account, kind, provider_message_id))
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def address_key(secret: bytes, address: str) -> str:
    """Return 24 hex digits that stand for *address* where it must not be read."""
    return hmac.new(secret, address.encode(), hashlib.sha256).hexdigest()[:24]


def keyed_hash(secret: bytes, *parts: str) -> str:
    """Return 64 hex digits that stand for *parts*: the same for the same, and telling nothing without *secret*."""
    return hmac.new(secret, SEPARATOR.join(parts).encode(), hashlib.sha256).hexdigest()


def workflow_id(account: str, address_hash: str) -> str:
    """Return the id of the workflow that talks to an address: one is open per contact and account."""
    return f"conversation:{account}:{address_hash}"


def stable_choice(conversation_id: str, flow: str, card: str, total: int) -> int:
    """Return a number from 0 to *total* - 1, drawn for a card of a conversation: the same whenever it is drawn."""
    key = SEPARATOR.join((conversation_id, flow, card))
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) % total


def part_key(conversation_id: str, seq: int) -> str:
    """Return the idempotency key that a provider sees."""
    return f"{conversation_id}:{seq}"
