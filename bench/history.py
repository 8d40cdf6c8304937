"""What a conversation's history holds, read from Temporal when the conversation has come to rest."""

import asyncio
from typing import Final, NamedTuple

from temporalio.client import Client, WorkflowHandle

_POLL: Final = 0.05
_PATIENCE: Final = 30


class Size(NamedTuple):
    """Events of a history, and their bytes as Temporal sends them."""

    events: float
    bytes: float


async def at_rest(client: Client, workflow_id: str) -> Size:
    """Return the size of the history once no workflow task and no activity is under way."""
    handle = client.get_workflow_handle(workflow_id)
    async with asyncio.timeout(_PATIENCE):
        while await _busy(handle):  # noqa: ASYNC110 - the other end is a server
            await asyncio.sleep(_POLL)
    events = [event async for event in handle.fetch_history_events()]
    return Size(len(events), sum(event.ByteSize() for event in events))


async def _busy(handle: WorkflowHandle[object, object]) -> bool:
    found = (await handle.describe()).raw_description
    return found.HasField("pending_workflow_task") or bool(found.pending_activities)
