"""Events of calls to other systems."""

from typing import Literal

from domain.events.base import Called, EventData


class ErpCalled(Called):
    """An operation of an ERP was called."""

    kind: Literal["erp_called"] = "erp_called"
    connection: str
    """Name of the connection in the settings."""
    operation: str
    """Name of the operation."""


class HttpCalled(Called):
    """A host of the settings was called."""

    kind: Literal["http_called"] = "http_called"
    method: str
    """The HTTP method."""
    host: str
    """The host: the rest of the address may hold personal data."""
    status: int
    """Status of the last answer; 0 when there was none."""


class WebhookPosted(Called):
    """A receiver of the settings was told an event by webhook."""

    kind: Literal["webhook_posted"] = "webhook_posted"
    webhook: str
    """Name of the receiver in the settings."""
    event: str
    """Name of the event."""
    status: int
    """Status of the last answer; 0 when there was none."""


class EmailSent(Called):
    """An e-mail about an event was sent to agents or operators."""

    kind: Literal["email_sent"] = "email_sent"
    email: str
    """Name of the receivers in the settings."""
    event: str
    """Name of the event."""
    refused: int
    """How many of the addresses did not take it, while others did."""


class OutreachMade(EventData):
    """The card `open_conversation` asked for a conversation with somebody."""

    kind: Literal["outreach_made"] = "outreach_made"
    account: str
    """Name of the account in the settings."""
    address: str
    """Address of the contact on that account."""
    flow: str
    """The flow that is played there."""
    outcome: str
    """`opened`, `already_open` or `failed`."""
    conversation: str | None = None
    """Id of the conversation that was opened."""
    error: str | None = None
    """Code of the error, when it failed."""
    reason: str | None = None
    """Why it failed."""
