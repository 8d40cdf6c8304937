"""The tables `[schedules.NAME]` of `prosa.toml`: conversations that are opened by the calendar."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from runtime.cron import checked
from runtime.sections import Section

Rate = Annotated[str, Field(pattern="^[1-9][0-9]{0,5}/(s|min|h)$")]
"""So many in a second, a minute or an hour: `30/min`."""


Cron = Annotated[str, AfterValidator(lambda text: text and checked(text))]
"""Minute, hour, day, month, weekday."""


class ScheduleSection(Section):
    """When conversations are opened with a list of contacts, `[schedules.NAME]`: again and again, or once."""

    account: str
    """Account that the conversations are on."""
    flow: str
    """Flow that is played with each contact."""
    template: str | None = None
    """Template of the first message; without one the flow itself sends one."""
    contacts: Path
    """A table (CSV): `address`, `name`, and the inputs of flow and template by name. It is read anew at each run."""
    cron: Cron = ""
    """Minute, hour, day, month, weekday, by the company's clock: `0 9 * * 1` is every Monday at nine."""
    at: datetime | None = None
    """Once, by the company's clock: `2026-12-01T09:00:00`."""
    rate: Rate = "30/min"
    """How many a second (`s`), minute (`min`) or hour (`h`)."""

    @model_validator(mode="after")
    def _has_one_time(self) -> Self:
        if bool(self.cron) == (self.at is not None):
            raise ValueError("expected either cron or at")
        return self
