"""Operators' actions on a stuck conversation: retry the step that failed, or skip the wait."""

from typing import Final, Literal

from temporalio.client import Client, WorkflowQueryFailedError

from domain.conversation import Frame, Intervention, Snapshot
from domain.errors import OperatorError
from flows.flow import Flow
from journal import conversations, flows
from journal.conversations import ConversationRow
from runtime.polling import poll
from runtime.settings import Settings
from runtime.temporal_names import QUERY_SNAPSHOT, SIGNAL_INTERVENE
from usecases import auditing, closing, narration, store
from usecases.conversations import PATIENCE
from usecases.temporal_client import reached

HEARD: Final = 10.0
"""Seconds in which a waiting conversation carries out a request."""


async def retry(settings: Settings, name: str, reason: str, by: str) -> str:
    """Play the last failed step of the conversation *name* again; return the outcome in words."""
    return await _intervene(settings, name, "retry", reason, by)


async def skip(settings: Settings, name: str, reason: str, by: str, exit_name: str) -> str:
    """Skip the current wait of the conversation *name*; return the outcome in words."""
    return await _intervene(settings, name, "skip", reason, by, exit_name)


async def _intervene(
    settings: Settings, name: str, kind: Literal["retry", "skip"], reason: str, by: str, exit_name: str = ""
) -> str:
    row = await closing.open_one(settings, name)
    async with reached(settings) as client:
        handle = client.get_workflow_handle(row.workflow_id)
        state = await state_of(client, row)
        if kind == "retry" and not state.failed:
            raise OperatorError(f"no step of conversation {row.protocol} has failed: there is nothing to try again")
        await _check_exit(settings, state, exit_name)
        asked = Intervention(kind=kind, by=by or store.current_user(), reason=reason, seq=state.seq, exit=exit_name)
        await auditing.note(
            settings, f"conversation {kind}", row.protocol, by=asked.by, reason=reason, **_where(state, kind, exit_name)
        )
        await handle.signal(SIGNAL_INTERVENE, asked)
    return await _outcome(settings, row, asked)


async def state_of(client: Client, row: ConversationRow) -> Snapshot:
    """Return how the conversation stands by itself; OperatorError when it does not say."""
    if not await closing.holds(client, row):
        raise OperatorError(
            f"conversation {row.protocol} has no workflow any more; `prosa conversation wake` brings it back"
        )
    try:
        handle = client.get_workflow_handle(row.workflow_id)
        return await handle.query(QUERY_SNAPSHOT, result_type=Snapshot, rpc_timeout=PATIENCE)
    except WorkflowQueryFailedError as error:
        raise OperatorError(f"conversation {row.protocol} is stuck; `prosa doctor` says why: {error}") from error


def _where(state: Snapshot, kind: str, exit_name: str) -> dict[str, str]:
    frames = state.failed if kind == "retry" else state.frames
    top = frames[-1] if frames else Frame(flow="", version="")
    return {"flow": top.flow, "card": top.card or "", **({"exit": exit_name} if exit_name else {})}


async def _check_exit(settings: Settings, state: Snapshot, exit_name: str) -> None:
    if not exit_name or not state.frames:
        return
    top = state.frames[-1]
    async with store.opened(settings) as database, database.read() as c:
        card = Flow.load((await flows.get(c, top.version)).content).card(top.card or "")
    names = [way.name for way in card.ways_out()]
    if exit_name not in names:
        raise OperatorError(f"card {card.id!r} has the exits {', '.join(names)}; found {exit_name!r}")


async def _outcome(settings: Settings, row: ConversationRow, asked: Intervention) -> str:
    """Wait until the journal shows the act; return the outcome in words."""

    async def outcome() -> str | None:
        async with store.opened(settings) as database, database.read() as c:
            later = await conversations.events(c, row.conversation_id, asked.seq)
        if done := [event for event in later if event.kind in {"wait_skipped", "step_retried"}]:
            return f"{row.protocol}: {narration.tell(done)[0].text} (card {done[0].card} of flow {done[0].flow})"
        if later:
            return f"{row.protocol} had gone on by itself and ignored this; `prosa conversation show` says where it is"
        return None

    not_yet = f"{row.protocol} has been asked, and has not done it yet; `prosa doctor` says whether a worker is there"
    return await poll(outcome, seconds=HEARD) or not_yet
