"""Conversations with a whole list of contacts."""

from collections.abc import Awaitable, Callable

from temporalio import activity

from domain.campaign import SendCampaign, Tally


class Campaigns:
    """The activity `send_campaign`; *send* opens what a run has not yet opened, and counts."""

    def __init__(self, send: Callable[[SendCampaign], Awaitable[Tally]]) -> None:
        self._send = send

    @activity.defn(name=SendCampaign.activity)
    async def send_campaign(self, effect: SendCampaign) -> Tally:
        """Answer what became of the list; AuthorError when it is not right, so that nothing was opened."""
        return await self._send(effect)
