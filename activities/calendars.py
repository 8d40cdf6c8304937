"""Whether the company is open: calendars change with the settings and with a library of holidays."""

from typing import Self

from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from domain.effect import FindBusinessTime
from domain.times import BusinessTime
from runtime import calendars


@activities.register
class Calendars(Activities):
    """The activity `find_business_time`."""

    def __init__(self, known: calendars.Calendars) -> None:
        self._known = known

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        return cls(calendars.Calendars(tools.settings))

    @activity.defn(name=FindBusinessTime.activity)
    async def find_business_time(self, effect: FindBusinessTime) -> BusinessTime:
        """Return whether the calendar is open; UnknownNameError when there is none of that name."""
        return self._known.business_time(effect.calendar, effect.at)
