"""One conversation as people look at it: facts from the journal, and where it stands from the live workflow."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple

from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowQueryFailedError, WorkflowQueryRejectedError
from temporalio.service import RPCError

from domain.contact import Known
from domain.conversation import Snapshot
from domain.errors import OperatorError
from journal import contacts, conversations
from journal.conversations import ConversationRow, JournalRow, PartRow
from runtime.settings import Settings
from runtime.temporal_names import QUERY_SNAPSHOT
from usecases import narration, store
from usecases.doctor import causes
from usecases.masking import masked_data
from usecases.pending_work import PendingWork, pending_work, plain
from usecases.temporal_client import reached

PATIENCE: Final = timedelta(seconds=3)
DETAILS: Final = "__temporal_workflow_metadata"
"""The query that every workflow of the SDK answers; its current details say where a conversation stands."""


@dataclass(frozen=True)
class ConversationView:
    """Everything that journal and Temporal know of one conversation."""

    row: ConversationRow
    events: list[JournalRow]
    parts: list[PartRow]
    known: Known
    live: Snapshot | None
    stands: str
    """Where it stands, in the workflow's own words; or why that is not known."""
    keeps: tuple[str, ...] = ()
    """Obstacles that keep it from going on, a sentence each."""
    mend: tuple[str, ...] = ()
    """Remedies."""

    def as_json(self) -> dict[str, Any]:
        """Return everything as data, CPFs masked."""
        return masked_data(
            {
                **self.row.model_dump(mode="json"),
                "flows": [
                    {"flow": name, "number": number, "version": version}
                    for name, number, version in narration.flows_entered(self.events)
                ],
                "known": self.known.model_dump(mode="json"),
                "stands": self.stands,
                "keeps": list(self.keeps),
                "mend": list(self.mend),
                "live": self.live.model_dump(mode="json") if self.live else None,
                "events": [event.model_dump(mode="json") for event in self.events],
                "parts": [part.model_dump(mode="json") for part in self.parts],
            }
        )


async def find(settings: Settings, **filters: Any) -> list[ConversationRow]:
    """Return the conversations that match all *filters* (`journal.conversations.matching`), the newest first."""
    async with store.opened(settings) as database, database.read() as c:
        return await conversations.find(c, **filters)


async def count(settings: Settings, **filters: Any) -> int:
    """Return how many conversations match all *filters* (`journal.conversations.matching`)."""
    async with store.opened(settings) as database, database.read() as c:
        return await conversations.count(c, **filters)


async def by_name(settings: Settings, name: str) -> ConversationRow:
    """Return the conversation *name*: a protocol or id, or the beginning of one."""
    async with store.opened(settings) as database, database.read() as c:
        return await conversations.get(c, name)


async def look(settings: Settings, name: str) -> ConversationView:
    """Return the data of journal and workflow about the conversation *name*."""
    async with store.opened(settings) as database, database.read() as c:
        row = await conversations.get(c, name)
        events = await conversations.events(c, row.conversation_id)
        parts = await conversations.parts(c, row.conversation_id)
        known = await contacts.known(c, row.account, row.address)
    if row.stage == "ended":
        return ConversationView(row, events, list(parts), known, None, "")
    asked = await _ask(settings, row)
    return ConversationView(row, events, list(parts), known, asked.live, asked.stands, asked.keeps, asked.mend)


class _Asked(NamedTuple):
    live: Snapshot | None
    stands: str
    keeps: tuple[str, ...] = ()
    mend: tuple[str, ...] = ()


async def _ask(settings: Settings, row: ConversationRow) -> _Asked:
    """Ask Temporal for the pending work, and the workflow for its state and its description of it."""
    try:
        async with reached(settings) as client:
            kept = await pending_work(client, row.workflow_id)
            if kept is None:
                wake = f"`prosa conversation wake {row.protocol}` brings it back"
                end = f"or `prosa conversation terminate {row.protocol} --reason 'no workflow'` says so in its journal"
                return _Asked(None, "nobody plays it: Temporal has no workflow of it any more", (), (wake, end))
            if kept.stuck or kept.untaken:
                doctor = "`prosa doctor` says what is wrong with the workers"
                return _Asked(None, "at work, and does not get on", kept.words, (doctor,))
            live, stands = await _query(client, row)
    except OperatorError as error:
        return _Asked(None, str(error))
    return _Asked(live, stands, kept.words, _mend(settings, row, kept, live))


async def _query(client: Client, row: ConversationRow) -> tuple[Snapshot | None, str]:
    handle = client.get_workflow_handle(row.workflow_id)
    try:
        live = await handle.query(QUERY_SNAPSHOT, result_type=Snapshot, rpc_timeout=PATIENCE)
        if live.conversation_id != row.conversation_id:
            return None, "its workflow talks about another conversation by now"
        metadata = await handle.query(DETAILS, result_type=WorkflowMetadata, rpc_timeout=PATIENCE)
    except (RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError) as error:
        return None, f"the workflow does not say: {plain(str(error))}"
    said = metadata.current_details.partition("\n")[0].replace("*", "").split(" · ", 2)
    return live, said[-1] or "at work"


def _mend(settings: Settings, row: ConversationRow, kept: PendingWork, live: Snapshot | None) -> tuple[str, ...]:
    """Return the remedies for calls that are being retried, and for a failed step."""
    found: list[str] = []
    for one in kept.trying:
        if one.error:
            of = causes.of_erp(settings, one.connection, one.code) if one.connection else None
            cause = of or causes.of_account(settings, row.account, one.code)
            found += [f"{cause.what}:", *cause.mend]
            found.append(f"then it goes on by itself; `prosa conversation skip {row.protocol}` goes on without it")
    if live is not None and live.failed:
        top = live.failed[-1]
        again = f"`prosa conversation retry {row.protocol}` plays it again"
        found.append(f"card {top.card!r} of flow {top.flow!r} failed: when its cause is mended, {again}")
    return tuple(found)
