"""What a clock on a wall means: times in time zones."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from temporalio import activity

from domain.effect import FindMoment
from domain.times import Moment


class Clock:
    """The activity `find_moment`."""

    @activity.defn(name=FindMoment.activity)
    async def find_moment(self, effect: FindMoment) -> Moment:
        """Return the moment at which clocks of the zone show what is written; of two, the first.

        A time that clocks skip is taken as if they did not: 02:30 where 02:00 becomes 03:00 is 03:30.
        """
        local = datetime.fromisoformat(effect.written).replace(tzinfo=ZoneInfo(effect.zone))
        return Moment(at=local.astimezone(UTC))
