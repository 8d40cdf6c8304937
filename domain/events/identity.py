"""Events of proving who a contact is."""

from typing import Literal

from domain.events.base import Called, EventData
from domain.proof import Means


class IdentityChecked(Called):
    """A proof of who the contact is was tried, or a code was sent for one."""

    kind: Literal["identity_checked"] = "identity_checked"
    connection: str
    """Name of the connection in the settings."""
    customer: str
    """The customer's number there."""
    by: Means
    """The means: the contact's address, a code, data of the register."""
    result: str = ""
    """`proved`, `different`, `sent`, `impossible`, or `exhausted` after too many tries; empty when the call failed."""
    to: str = ""
    """Where a code was sent, masked."""


class IdentityProved(EventData):
    """The contact has proved to be a customer; it holds until the conversation ends."""

    kind: Literal["identity_proved"] = "identity_proved"
    connection: str
    """Name of the connection in the settings."""
    customer: str
    """The customer's number there."""
    by: Means
    """The means: the contact's address, a code, data of the register."""
