"""Deadlines of a waiting card: its time limit and its reminders."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from domain.wait_defaults import Reminder

SILENT: Final = ("no_answer", "timeout")
"""The exits of cards that have waited in vain."""
PATIENCE: Final = timedelta(hours=24)
"""How long a question without `timeout` waits."""


def deadline(since: datetime, timeout: timedelta | None, reminders: Sequence[Reminder], said: int) -> datetime:
    """Return when something is to be done next, counted from *since*: a reminder, or giving up."""
    ahead = [reminder.after for reminder in reminders[said : said + 1]]
    return since + min([timeout or PATIENCE, *ahead])


def is_over(since: datetime, timeout: timedelta | None, now: datetime) -> bool:
    """Whether the question has waited long enough."""
    return now >= since + (timeout or PATIENCE)


def due(since: datetime, reminders: Sequence[Reminder], now: datetime) -> int:
    """Return how many of *reminders* should have been said by *now*."""
    return sum(now >= since + reminder.after for reminder in reminders)


def silence(exit: str, timeout: timedelta | None) -> timedelta | None:  # noqa: A002 - what flows call it
    """Return how long the contact has been silent when a question is left by *exit*; None when it has just spoken."""
    if exit == "no_answer":
        return timeout or PATIENCE
    return timedelta(0) if exit == "undelivered" else None
