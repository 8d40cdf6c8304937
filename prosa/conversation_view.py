"""One conversation on the terminal: its facts, then its story in words."""

import re
from datetime import datetime
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from domain.contact import Known
from journal.conversations import ConversationRow
from runtime.wording import moment, seconds
from usecases import narration
from usecases.conversations import ConversationView
from usecases.masking import masked

STYLES: Final = {
    "contact": "bold cyan",
    "bot": "bold green",
    "flow": "magenta",
    "erp": "yellow",
    "survey": "bold magenta",
    "note": "italic",
    "answer": "dim",
    "way": "dim",
    "prosa": "bold",
    "person": "bold blue",
    "error": "bold red",
}
"""How each kind of line looks."""
_UTC: Final = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC")


def show(console: Console, seen: ConversationView, *, everything: bool = False) -> None:
    """Print the facts, then the story."""
    row = seen.row
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim")
    facts.add_column(overflow="fold")
    facts.add_row("protocol", f"[bold]{row.protocol}[/]")
    facts.add_row("contact", f"{escape(masked(row.name)) or '-'}  [dim]{escape(row.address)}[/]")
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
        facts.add_row("tags", escape(masked(", ".join(row.tags))))
    if row.survey:
        facts.add_row("survey", f"{row.survey} [bold]{row.score}[/]" if row.score is not None else f"{row.survey} -")
    if seen.stands:
        facts.add_row("now", f"[bold]{escape(local(masked(seen.stands)))}[/]")
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
    """Return the known facts about a contact: links in full, of all others only the names."""
    names = [name for name in ("name", "email", "phone", "document") if getattr(known, name)]
    return ", ".join([*names, *known.fields, *(f"{number} in {name}" for name, number in known.links.items())])


def _story(lines: list[narration.NarrationLine]) -> Table:
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
        style = STYLES[line.who]
        quiet = "dim" if style == "dim" else ""
        grid.add_row(
            at[11:],
            named,
            f"[{style}]{line.who}[/]",
            f"[{quiet}]{escape(line.text)}[/]" if quiet else escape(line.text),
        )
    return grid


def local(text: str) -> str:
    """Return *text* with the times that a workflow writes, which are UTC, by the company's clocks."""
    return _UTC.sub(lambda found: moment(datetime.fromisoformat(f"{found[1]}+00:00")), text)
