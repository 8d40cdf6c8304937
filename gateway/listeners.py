"""Runs the channels that fetch their messages themselves."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Final

from channels.base import Channel, InboundMessage
from domain.errors import OperatorError, ProsaError
from gateway.intake import Intake
from runtime.logging import logger

_BACKOFF: Final = (1.0, 60.0)


def listeners(channels: Mapping[str, Channel], intake: Intake) -> list[Coroutine[None, None, None]]:
    """Return one coroutine, to be run until cancelled, for each account whose channel listens."""
    listening = [channel for channel in channels.values() if type(channel).listen is not Channel.listen]
    return [_listen(channel, intake) for channel in listening]


async def _listen(channel: Channel, intake: Intake) -> None:
    async def receive(message: InboundMessage) -> None:
        nonlocal wait
        wait, _ = _BACKOFF
        taken = await intake.take(channel.account, channel.kind, [message])
        if taken is None:
            raise OperatorError("neither the database nor the spool takes messages")
        intake.hand_on(taken)

    wait, most = _BACKOFF
    while True:
        try:
            await channel.listen(receive)
        except (ProsaError, OSError) as error:
            logger().warning("listener_failed", account=channel.account, error=str(error), again_in=wait)
        await asyncio.sleep(wait)
        wait = min(wait * 2, most)
