from typing import Any

from temporalio.testing import ActivityEnvironment

from activities.campaigns import Campaigns
from domain.campaign import SendCampaign, Tally


async def test_it_opens_what_the_run_of_a_schedule_has_not_yet_opened() -> None:
    asked: list[SendCampaign] = []

    async def send(effect: SendCampaign) -> Tally:
        asked.append(effect)
        return Tally(opened=2)

    effect = SendCampaign(schedule="monthly", key="k")
    found: Any = await ActivityEnvironment().run(Campaigns(send).send_campaign, effect)

    assert (found, asked) == (Tally(opened=2), [effect])
