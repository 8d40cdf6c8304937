"""Points in time, as clocks and calendars tell them."""

from pydantic import AwareDatetime

from domain.model import Value


class Moment(Value):
    """A point in time."""

    at: AwareDatetime


class BusinessTime(Value):
    """Whether a company is open at a moment; moments have the offset that clocks show there."""

    open: bool
    opens_at: AwareDatetime | None = None
    """When it opens next, if it is closed; None when that is not within a year."""
    closes_at: AwareDatetime | None = None
    """When it closes, if it is open; None when that is not within a year."""
    holiday: str = ""
    """Name of the public holiday that the day is."""
