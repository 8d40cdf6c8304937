"""Local times in time zones."""

from temporalio import activity

from activities.base import Activities, activities
from domain.effect import FindMoment
from domain.times import Moment
from runtime.zones import moment


@activities.register
class Clock(Activities):
    """The activity `find_moment`."""

    @activity.defn(name=FindMoment.activity)
    async def find_moment(self, effect: FindMoment) -> Moment:
        """Return the moment that is written as local time of the zone."""
        return Moment(at=moment(effect.written, effect.zone))
