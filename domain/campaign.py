"""Conversations that the company opens with a list of contacts, on a day of its own."""

from typing import Any, ClassVar

from domain.effect import Effect
from domain.model import Value


class ScheduledRun(Value):
    """The one argument of the workflow."""

    schedule: str


class Tally(Value):
    """The result of a campaign, in numbers."""

    opened: int = 0
    already_open: int = 0
    """Contacts with an open conversation, who got no message."""
    refused: int = 0


class SendCampaign(Effect[Tally]):
    """Open the conversations that one run of a schedule has not yet opened; no conversation requests it."""

    activity: ClassVar[str] = "send_campaign"
    answer: ClassVar[type[Any]] = Tally

    schedule: str
    key: str
    """Id of this run: another attempt under it opens nothing twice."""
