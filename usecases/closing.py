"""Ending a conversation from outside: in good order, or, where nothing else helps, by terminating its workflow."""

from datetime import UTC, datetime
from typing import Final

from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError

from domain.conversation import CloseRequest
from domain.errors import OperatorError
from journal import conversations
from journal.conversations import ConversationRow
from runtime.polling import poll
from runtime.settings import Settings
from runtime.temporal_names import SIGNAL_CLOSE
from runtime.wording import moment
from usecases import auditing, store
from usecases.conversations import by_name
from usecases.pending_work import pending_work
from usecases.temporal_client import gone, reached

PATIENCE: Final = 5.0
"""Seconds in which a waiting conversation ends."""
PROTOCOL: Final = SearchAttributeKey.for_keyword("ProsaProtocol")


async def close(settings: Settings, name: str, reason: str, by: str = "") -> str:
    """Ask the conversation *name* to end; return the outcome in words."""
    row = await open_one(settings, name)
    async with reached(settings) as client:
        if not await holds(client, row):
            raise OperatorError(
                f"conversation {row.protocol} has no workflow any more; `prosa conversation wake` brings it back"
            )
        request = CloseRequest(by=by or store.current_user(), reason=reason)
        await auditing.note(settings, "conversation close", row.protocol, by=request.by, reason=reason)
        await client.get_workflow_handle(row.workflow_id).signal(SIGNAL_CLOSE, request)

    async def ended() -> str | None:
        now = await by_name(settings, row.conversation_id)
        return f"{row.protocol} has ended: {now.resolution}" if now.stage == "ended" else None

    asked = f"{row.protocol} has been asked to end; it does so at its next wait"
    return await poll(ended, seconds=PATIENCE) or asked


async def terminate(settings: Settings, name: str, reason: str, by: str = "") -> str:
    """Terminate the workflow of the conversation *name*, and journal the end.

    One that has ended is not ended again: its workflow is terminated if it is stuck, which frees what is unread.
    """
    by = by or store.current_user()
    if (row := await by_name(settings, name)).stage == "ended":
        return await _free(settings, row, reason, by)
    async with reached(settings) as client:
        await auditing.note(settings, "conversation terminate", row.protocol, by=by, reason=reason)
        if await holds(client, row):
            await _terminate(client, row, f"{by}: {reason}")
    async with store.opened(settings) as database, database.write() as c:
        await conversations.terminated(c, row.conversation_id, by, reason, datetime.now(UTC))
    return f"{row.protocol} has been terminated"


async def _free(settings: Settings, row: ConversationRow, reason: str, by: str) -> str:
    async with reached(settings) as client:
        work = await pending_work(client, row.workflow_id)
        if work is None or not work.stuck:
            raise _ended(row)
        await auditing.note(settings, "conversation terminate", row.protocol, by=by, reason=reason)
        await _terminate(client, row, f"{by}: {reason}")
    return f"{row.protocol} had ended, and its stuck workflow now has, too: a new conversation hears what is unread"


async def _terminate(client: Client, row: ConversationRow, reason: str) -> None:
    try:
        await client.get_workflow_handle(row.workflow_id).terminate(reason)
    except RPCError as error:
        if not gone(error):
            raise


async def open_one(settings: Settings, name: str) -> ConversationRow:
    """Return the conversation *name*; OperatorError when it has ended."""
    row = await by_name(settings, name)
    if row.stage == "ended":
        raise _ended(row)
    return row


def _ended(row: ConversationRow) -> OperatorError:
    return OperatorError(f"conversation {row.protocol} ended at {moment(row.ended_at)}: {row.resolution}")


async def holds(client: Client, row: ConversationRow) -> bool:
    """Say whether the open run of the contact's workflow is this conversation, and not one that came after it."""
    try:
        found = await client.get_workflow_handle(row.workflow_id).describe()
    except RPCError as error:
        if gone(error):
            return False
        raise
    if found.close_time is not None:
        return False
    return found.typed_search_attributes.get(PROTOCOL) in {None, "", row.protocol}
