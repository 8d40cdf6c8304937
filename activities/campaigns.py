"""Conversations with a whole list of contacts."""

from collections.abc import Awaitable, Callable
from typing import Self

from temporalio import activity
from typing_extensions import override

from activities.base import Activities, Tools, activities
from domain.campaign import SendCampaign, Tally


@activities.register
class Campaigns(Activities):
    """The activity `send_campaign`; *send* opens the conversations that a run has not yet opened, and counts."""

    def __init__(self, send: Callable[[SendCampaign], Awaitable[Tally]]) -> None:
        self._send = send

    @classmethod
    @override
    def using(cls, tools: Tools) -> Self:
        return cls(tools.send_campaign)

    @activity.defn(name=SendCampaign.activity)
    async def send_campaign(self, effect: SendCampaign) -> Tally:
        """Return the counts of the list; AuthorError when the list has mistakes and nothing was opened."""
        return await self._send(effect)
