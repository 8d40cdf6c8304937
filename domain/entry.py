"""Entry points of an account: chosen by first words, by referral, or by a missed call."""

from typing import Literal

from pydantic import Field, JsonValue

from domain.model import Value

Mark = Literal["says", "mentions", "referral", "missed_call"]
"""The conditions of an entry point."""


class Entry(Value):
    """An entry point with one condition: conversations that match it begin with its flow, not the account's."""

    flow: str
    inputs: dict[str, JsonValue] = Field(default_factory=dict)
    """Variables of the flow to set."""
    says: tuple[str, ...] = ()
    """Messages that are one of these, politeness aside."""
    mentions: tuple[str, ...] = ()
    """Messages in which one of these stands."""
    referral: tuple[str, ...] = ()
    """Where contacts come from: the name that a link, a QR code or an advertisement brings along."""
    missed_call: bool = False
    """Calls that nobody took."""
