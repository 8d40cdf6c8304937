"""The order that a page sends to `python -m drawing`."""

from pydantic import Field

from domain.model import Value
from flows.flow import Flow


class Order(Value):
    """A drawing for a page with its own style sheet; cards link to `#card-ID`."""

    flow: Flow
    before: Flow | None = None
    """Compare with this version."""
    language: str = ""
    """Of the words that are not the author's; else the flow's own."""
    links: dict[str, str] = Field(default_factory=dict)
    """Where the drawings of other flows are, by their names."""
