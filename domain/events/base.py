"""Base of all kinds of events."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, JsonValue, PlainSerializer

from domain.model import Value

Moment = Annotated[AwareDatetime, PlainSerializer(datetime.isoformat, return_type=str)]
"""A moment, written in ISO 8601 with its offset."""


class EventData(Value):
    """The data of one kind of event; each kind adds `kind`, its name in the journal.

    A field without a default is always written; one with a default only when it differs from it. Both rules hold for
    good: rows in the journal are compared with what is written again.
    """

    model_config = ConfigDict(use_attribute_docstrings=True)

    @property
    def data(self) -> dict[str, JsonValue]:
        """Data that the journal keeps beside the kind."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Called(EventData):
    """How a call to another system went."""

    outcome: str
    """`ok`, `not_found`, `rejected` or `failed`."""
    attempts: int
    """How often it was tried, as far as that is known."""
    seconds: float
    """How long it took, with all attempts."""
    error: str | None = None
    """Code of the error, when it failed."""
    reason: str | None = None
    """Why it failed."""
