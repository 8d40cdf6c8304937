"""Wake a conversation after Temporal lost turns or its workflow: its last message is signalled again."""

from datetime import timedelta
from typing import Final

from temporalio.client import Client, WorkflowQueryFailedError, WorkflowQueryRejectedError
from temporalio.service import RPCError

from channels.base import Tools, open_channels
from domain.conversation import ConversationStart, Setup, Snapshot
from domain.errors import OperatorError
from journal import divergence
from journal.conversations import ConversationRow
from runtime import http
from runtime.polling import poll
from runtime.settings import Settings
from runtime.temporal import tell
from runtime.temporal_names import QUERY_SNAPSHOT
from usecases import auditing, closing, store
from usecases.setups import setups
from usecases.temporal_client import reached

PATIENCE: Final = timedelta(seconds=3)
HEARD: Final = 10.0
"""Seconds in which a conversation recovers."""


async def wake(settings: Settings, name: str, reason: str, by: str) -> str:
    """Signal the last message of the conversation *name* again, which a healthy one drops; return the outcome."""
    row = await closing.open_one(settings, name)
    async with store.opened(settings) as database, database.read() as c:
        message = await divergence.last_heard(c, row.conversation_id)
    if message is None:
        raise OperatorError(f"conversation {row.protocol} has no message that it could be told again")
    start = ConversationStart(setup=await _setup(settings, row))
    await auditing.note(settings, "conversation wake", row.protocol, by=by or store.current_user(), reason=reason)
    async with reached(settings) as client:
        await tell(client, row.workflow_id, start, message)

        async def caught_up() -> str | None:
            known = await knows(client, row)
            there = known is not None and known >= row.last_seq
            return f"{row.protocol} stands where its journal does" if there else None

        if found := await poll(caught_up, seconds=HEARD, pause=0.2):
            return found
    return f"{row.protocol} has been told, and is not there yet; `prosa doctor` says whether a worker is there"


async def knows(client: Client, row: ConversationRow) -> int | None:
    """Return the last event that the workflow of *row* knows of; None when it does not say."""
    handle = client.get_workflow_handle(row.workflow_id)
    try:
        state = await handle.query(QUERY_SNAPSHOT, result_type=Snapshot, rpc_timeout=PATIENCE)
    except (RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError):
        return None
    return state.seq if state.conversation_id == row.conversation_id else 0


async def _setup(settings: Settings, row: ConversationRow) -> Setup:
    async with http.client() as client:
        channels = open_channels(settings.accounts, Tools(http=client, key=b"", secret=str))
        setup = setups(settings, channels)(row.account, row.address, row.name)
    if setup is None:
        raise OperatorError(f"accounts: expected {row.account!r}, which has open conversations; found none")
    return setup
