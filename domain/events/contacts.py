"""Events about the known facts of the contact."""

from typing import Literal

from domain.events.base import EventData


class ContactUpdated(EventData):
    """A new fact is known about the contact: the journal has its name, never its value."""

    kind: Literal["contact_updated"] = "contact_updated"
    fields: tuple[str, ...]
    """Names of the new facts: `email`, `fields.plan`."""


class ContactRefused(EventData):
    """A value was not kept, because it is not of the form that it should have."""

    kind: Literal["contact_refused"] = "contact_refused"
    field: str
    """Name of the fact it was meant for."""
    reason: str
    """Why it was refused."""


class ContactLinked(EventData):
    """The contact was found among the customers of a connection."""

    kind: Literal["contact_linked"] = "contact_linked"
    connection: str
    """Name of the connection in the settings."""
    customer: str
    """Number of the customer there."""
    by: str
    """Fact that found the customer: `document`, `phone` or `email`."""
