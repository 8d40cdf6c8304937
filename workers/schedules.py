"""Temporal's schedules: those of the settings, and no others of ours."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.campaign import ScheduledRun
from runtime.schedules import ScheduleSection
from runtime.settings import Settings
from runtime.temporal_names import CAMPAIGN, SCHEDULES, TASK_QUEUE

LATE: Final = timedelta(hours=1)
"""How late a run may begin when no worker was there at its time; a later one is left out."""

log = structlog.get_logger()


async def keep(client: Client, settings: Settings) -> None:
    """Make Temporal's schedules equal to those of *settings*, and delete all others. RPCError: it is away."""
    wanted = {f"{SCHEDULES}{name}": section for name, section in settings.known_schedules.items()}
    async for one in await client.list_schedules():
        if one.id.startswith(SCHEDULES) and one.id not in wanted:
            await _delete(client, one.id)
    for id_, section in wanted.items():
        try:
            await _put(client, id_, _schedule(id_, section, settings.company.zone))
        except RPCError as error:
            if error.status != RPCStatusCode.INVALID_ARGUMENT:
                raise
            log.error("schedule_refused", schedule=id_, error=error.message)  # noqa: TRY400 - the sentence says it all


def _schedule(id_: str, section: ScheduleSection, zone: str) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            CAMPAIGN,
            ScheduledRun(schedule=id_.removeprefix(SCHEDULES)),
            id=id_,
            task_queue=TASK_QUEUE,
        ),
        spec=ScheduleSpec(
            cron_expressions=[section.cron] if section.cron else [],
            calendars=[_once(section.at, zone)] if section.at else [],
            time_zone_name=zone,
        ),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=LATE),
    )


def _once(at: datetime, zone: str) -> ScheduleCalendarSpec:
    local = at if at.tzinfo is None else at.astimezone(ZoneInfo(zone))
    return ScheduleCalendarSpec(
        year=[ScheduleRange(local.year)],
        month=[ScheduleRange(local.month)],
        day_of_month=[ScheduleRange(local.day)],
        hour=[ScheduleRange(local.hour)],
        minute=[ScheduleRange(local.minute)],
        second=[ScheduleRange(local.second)],
    )


async def _put(client: Client, id_: str, schedule: Schedule) -> None:
    def changed(found: ScheduleUpdateInput) -> ScheduleUpdate:
        schedule.state = found.description.schedule.state  # somebody may have paused it
        return ScheduleUpdate(schedule)

    try:
        await client.create_schedule(id_, schedule)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(id_).update(changed)


async def _delete(client: Client, id_: str) -> None:
    try:
        await client.get_schedule_handle(id_).delete()
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:  # another worker was faster
            raise
