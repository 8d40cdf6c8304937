"""Defaults for waiting cards: time limit and reminders for a silent contact."""

from typing import Self

from pydantic import ConfigDict, field_validator

from domain.duration import Duration
from domain.fields import Template
from domain.model import Written


class Reminder(Written):
    """A message for a contact who is silent for a while."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    after: Duration
    """How long after the question, or after the last refused answer."""
    text: Template
    """Text of the message."""


class WaitDefaults(Written):
    """Defaults of cards that wait for the contact and set no time limit or reminders themselves."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    timeout: Duration | None = None
    """How long they wait."""
    reminders: tuple[Reminder, ...] | None = None
    """Reminders, in the order of time; an empty list: none."""

    @field_validator("reminders")
    @classmethod
    def _stand_in_order(cls, reminders: tuple[Reminder, ...] | None) -> tuple[Reminder, ...] | None:
        if (times := [reminder.after for reminder in reminders or ()]) != sorted(set(times)):
            raise ValueError("they stand in the order of their times")
        return reminders

    def otherwise(self, defaults: Self) -> Self:
        """Return this, with the values of *defaults* where it has none."""
        own = {key: value for key, value in self if value is not None}
        return defaults.model_copy(update=own)
