"""CampaignWorkflow: one run of a schedule of the settings."""

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy

from domain.campaign import ScheduledRun, SendCampaign, Tally
from runtime.temporal_names import CAMPAIGN

LASTS: Final = timedelta(days=7)
"""Time limit of a list, with its pace and outages."""
SILENT: Final = timedelta(seconds=30)
"""For how long nothing may be heard of the worker that does it."""
AGAIN: Final = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=5))


@workflow.defn(name=CAMPAIGN)
class CampaignWorkflow:
    """Opens a conversation with each contact of the schedule's list: once a run, however often it has to be tried."""

    @workflow.run
    async def run(self, run: ScheduledRun) -> Tally:
        """Return the counts of the list."""
        return await workflow.execute_activity(
            SendCampaign.activity,
            SendCampaign(schedule=run.schedule, key=workflow.info().workflow_id),
            result_type=Tally,
            schedule_to_close_timeout=LASTS,
            heartbeat_timeout=SILENT,
            retry_policy=AGAIN,
            summary=f"open conversations: {run.schedule}",
        )
