"""What the tests of the store write into it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain import keys
from domain.conversation import Priority
from domain.delivery import OpeningClaim
from domain.effect import Deliver
from domain.event import Event, EventKind
from domain.message import Inbound, Part
from journal import inbox, turn
from journal.database import Database
from journal.inbox import InboxItem

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
LEASE = timedelta(seconds=10)
ACCOUNT = "whatsapp-main"
ADDRESS = "5511987654321"
WORKFLOW = f"conversation:{ACCOUNT}:0123456789abcdef01234567"


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def message_id(number: int | str, account: str = ACCOUNT) -> str:
    return keys.message_id(account, "message", f"wamid.{number}")


def inbox_item(number: int | str, *, workflow_id: str = WORKFLOW, text: str = "", **fields: Any) -> InboxItem:
    payload = Inbound(message_id="", at=NOW, text=text or f"message {number}")
    defaults: dict[str, Any] = {
        "account": ACCOUNT,
        "channel": "whatsapp",
        "address": ADDRESS,
        "name": "Ana",
        "received_at": NOW,
    }
    return InboxItem(
        provider_message_id=f"wamid.{number}", workflow_id=workflow_id, payload=payload, **(defaults | fields)
    )


def event(seq: int, kind: EventKind, *, card: str | None = None, at: datetime = NOW, **data: Any) -> Event:
    return Event(seq=seq, kind=kind, at=at, card=card, flow="support", version="v1", data=data)


def opened(**changes: Any) -> Event:
    data = {
        "account": ACCOUNT,
        "channel": "whatsapp",
        "address": ADDRESS,
        "name": "Ana",
        "flow": "support",
        "workflow_id": WORKFLOW,
    }
    return Event(seq=1, kind="conversation_opened", at=NOW, data=data | changes)


def received(seq: int, number: int | str, **data: Any) -> Event:
    return event(seq, "message_received", message_id=message_id(number), text=f"message {number}", **data)


def opening(number: int | str = 1, *, chain: str = "run-1", **changes: Any) -> OpeningClaim:
    fields: dict[str, Any] = {
        "message_id": message_id(number),
        "chain": chain,
        "workflow_id": WORKFLOW,
        "account": ACCOUNT,
        "channel": "whatsapp",
        "address": ADDRESS,
        "name": "Ana",
        "flow": "support",
        "zone": "America/Sao_Paulo",
    }
    return OpeningClaim.model_validate(fields | changes)


def deliver(number: int | str = 1, *, says: dict[int, str] | None = None, **fields: Any) -> Deliver:
    """A turn of the conversation that message *number* opened; *says* is a text for each seq."""
    defaults: dict[str, Any] = {
        "conversation_id": message_id(number),
        "account": ACCOUNT,
        "channel": "whatsapp",
        "address": ADDRESS,
        "parts": tuple(Part(seq=seq, text=text) for seq, text in (says or {}).items()),
    }
    return Deliver(**(defaults | fields))


def first_turn(number: int | str = 1, *, chain: str = "run-1", **changes: Any) -> Deliver:
    """The turn that opens a conversation and greets: events 1 to 4, one part (4)."""
    return deliver(
        number,
        says={4: "Olá, Ana!"},
        opening=opening(number, chain=chain, **changes),
        consumed=(message_id(number),),
        events=(
            opened(**changes),
            received(2, number),
            event(3, "flow_entered", flow="support", version="v1", number=1),
            event(4, "message_sent", card="greet", text="Olá, Ana!"),
        ),
    )


Happening = tuple[float, EventKind, dict[str, Any]]
"""At how many seconds, what, and its data."""


def handed(at: float, queue: str = "main", priority: Priority = "normal") -> Happening:
    return at, "handed_over", {"queue": queue, "priority": priority}


def joined(at: float) -> Happening:
    return at, "agent_joined", {"by": "bia"}


async def begin(db: Database, number: int, *happenings: Happening) -> None:
    """Write a conversation of a contact of its own to which all that happens."""
    first = first_turn(number, address=f"{number}", workflow_id=f"conversation:x:{number}")
    after = len(first.events) + 1
    more = [event(seq, kind, at=later(at), **data) for seq, (at, kind, data) in enumerate(happenings, after)]
    async with db.write() as c:
        await turn.commit(c, first.model_copy(update={"events": (*first.events, *more)}), now=NOW)


async def begun(db: Database, number: int, address: str, origin: str = "") -> None:
    """Have conversation *number* opened by *address*, from the network *origin*."""
    item = inbox_item(number, address=address, workflow_id=f"conversation:site:{address}")
    item = item.model_copy(update={"payload": item.payload.model_copy(update={"origin": origin})})
    async with db.write() as c:
        await inbox.receive(c, item, owner="relay", lease=LEASE, now=NOW)
        opened = first_turn(number, address=address, workflow_id=f"conversation:site:{address}")
        await turn.commit(c, opened.model_copy(update={"address": address}), NOW)
