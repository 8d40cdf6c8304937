"""One conversation as people look at it: facts from the journal, and where it stands from the live workflow."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowQueryFailedError, WorkflowQueryRejectedError
from temporalio.service import RPCError

from domain.contact import Known
from domain.conversation import QUERY_SNAPSHOT, Snapshot
from domain.errors import OperatorError
from journal import contacts, conversations
from journal.conversations import ConversationRow, JournalRow, PartRow
from runtime.settings import Settings
from runtime.wording import moment, seconds
from usecases import narration, store
from usecases.doctor import causes
from usecases.pending_work import Standing, plain, standing
from usecases.temporal_client import reached

PATIENCE: Final = timedelta(seconds=3)
DETAILS: Final = "__temporal_workflow_metadata"
"""The query that every workflow of the SDK answers; its current details say where a conversation stands."""


_UTC: Final = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC")


@dataclass(frozen=True)
class Sight:
    """Everything that journal and Temporal know of one conversation."""

    row: ConversationRow
    events: list[JournalRow]
    parts: list[PartRow]
    known: Known
    live: Snapshot | None
    stands: str
    """Where it stands, in the workflow's own words; or why that is not known."""
    keeps: tuple[str, ...] = ()
    """What keeps it from going on, a sentence each."""
    mend: tuple[str, ...] = ()
    """What to do about it."""

    def as_json(self) -> dict[str, Any]:
        """Return everything as data."""
        return {
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


async def find(settings: Settings, **wanted: Any) -> list[ConversationRow]:
    """Return the conversations that have all that is *wanted* (`journal.conversations.find`), the newest first."""
    async with store.opened(settings) as database, database.read() as c:
        return await conversations.find(c, **wanted)


async def get(settings: Settings, name: str) -> ConversationRow:
    """Return the conversation called *name*: protocol or id, or how one begins."""
    async with store.opened(settings) as database, database.read() as c:
        return await conversations.get(c, name)


async def look(settings: Settings, name: str) -> Sight:
    """Return everything that journal and workflow say of the conversation called *name*."""
    async with store.opened(settings) as database, database.read() as c:
        row = await conversations.get(c, name)
        events = await conversations.events(c, row.conversation_id)
        parts = await conversations.parts(c, row.conversation_id)
        known = await contacts.known(c, row.account, row.address)
    if row.stage == "ended":
        return Sight(row, events, list(parts), known, None, "")
    asked = await _ask(settings, row)
    return Sight(row, events, list(parts), known, asked.live, asked.stands, asked.keeps, asked.mend)


def show(console: Console, seen: Sight, *, everything: bool = False) -> None:
    """Print the facts, then the story."""
    row = seen.row
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim")
    facts.add_column(overflow="fold")
    facts.add_row("protocol", f"[bold]{row.protocol}[/]")
    facts.add_row("contact", f"{escape(row.name) or '-'}  [dim]{escape(row.address)}[/]")
    if seen.known:
        facts.add_row("known", escape(_known(seen.known)))
    facts.add_row("account", f"{row.account}  [dim]{row.channel}[/]")
    facts.add_row("stage", _stage(row))
    entered = narration.flows_entered(seen.events)
    facts.add_row("flows", "\n".join(f"{name} {number} [dim]{version}[/]" for name, number, version in entered) or "-")
    length = seconds((row.ended_at - row.opened_at).total_seconds()) if row.ended_at else ""
    facts.add_row("opened", moment(row.opened_at))
    if row.ended_at:
        facts.add_row("ended", f"{moment(row.ended_at)}  [dim]after {length}[/]")
    if row.priority != "normal":
        facts.add_row("priority", f"[bold]{row.priority}[/]")
    if row.queue and row.queued_at:
        facts.add_row("queue", f"{escape(row.queue)}  [dim]since {moment(row.queued_at)}[/]")
    if row.tags:
        facts.add_row("tags", escape(", ".join(row.tags)))
    if row.survey:
        facts.add_row("survey", f"{row.survey} [bold]{row.score}[/]" if row.score is not None else f"{row.survey} -")
    if seen.stands:
        facts.add_row("now", f"[bold]{escape(local(seen.stands))}[/]")
    for sentence in seen.keeps:
        facts.add_row("[red]but[/]", f"[red]{escape(sentence)}[/]")
    for number, sentence in enumerate(seen.mend):
        facts.add_row("" if number else "to do", escape(sentence))
    facts.add_row("id", f"[dim]{row.conversation_id}[/]")
    facts.add_row("workflow", f"[dim]{row.workflow_id}[/]")
    console.print(facts)
    console.print()
    console.print(_story(narration.tell(seen.events, seen.parts, everything=everything)))


def _stage(row: ConversationRow) -> str:
    if row.agent:
        return f"{row.stage}  [bold]{escape(row.agent)}[/]  [dim]since {moment(row.agent_since)}[/]"
    return f"{row.stage} [dim]{row.resolution}[/]" if row.resolution else row.stage


def _known(known: Known) -> str:
    """Return what is known of a contact: links in full, of all else only that it is known."""
    told = [name for name in ("name", "email", "phone", "document") if getattr(known, name)]
    return ", ".join([*told, *known.fields, *(f"{number} in {name}" for name, number in known.links.items())])


def _story(lines: list[narration.Told]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(style="dim", overflow="fold", max_width=20)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    day = card = ""
    for line in lines:
        at = moment(line.at)
        if at[:10] != day:
            day = at[:10]
            grid.add_row(day, "", "", "")
        named = line.card if line.card != card else ""
        card = line.card
        style = narration.STYLES[line.who]
        quiet = "dim" if style == "dim" else ""
        grid.add_row(
            at[11:],
            named,
            f"[{style}]{line.who}[/]",
            f"[{quiet}]{escape(line.text)}[/]" if quiet else escape(line.text),
        )
    return grid


def local(text: str) -> str:
    """Return *text* with the times that a workflow writes, which are UTC, as people here read them."""
    return _UTC.sub(lambda found: moment(datetime.fromisoformat(f"{found[1]}+00:00")), text)


class _Asked(NamedTuple):
    live: Snapshot | None
    stands: str
    keeps: tuple[str, ...] = ()
    mend: tuple[str, ...] = ()


async def _ask(settings: Settings, row: ConversationRow) -> _Asked:
    """Ask Temporal what keeps the conversation, and the workflow for its state and where it stands in its own words."""
    try:
        async with reached(settings) as client:
            kept = await standing(client, row.workflow_id)
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


def _mend(settings: Settings, row: ConversationRow, kept: Standing, live: Snapshot | None) -> tuple[str, ...]:
    """Return what to do about what is being tried again, and about a step that has failed."""
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
