"""`prosa conversation`: what conversations did and where they stand; ends them."""

from collections.abc import Coroutine
from typing import Annotated, Any

import typer
from rich.markup import escape

from prosa import acting, ending, history, sight
from prosa.context import ByOption, FormatOption, ReasonOption, application, examples, located, run
from prosa.terminal import Format, out, print_json, recent, table

app = application("Look at conversations, and end them.")

Id = Annotated[str, typer.Argument(metavar="ID", help="Protocol or conversation id, or how one begins.")]

PROTOCOL = 15
"""Characters of a protocol number."""
STAGES = {"bot": "green", "queue": "yellow", "agent": "cyan", "survey": "magenta", "ended": "dim"}


@app.command("list", epilog=examples("prosa conversation list", "prosa conversation list --stage bot --format json"))
def list_(
    *,
    stage: Annotated[str | None, typer.Option(help="bot, queue, agent, survey or ended.")] = None,
    flow: Annotated[str | None, typer.Option(help="Name of the flow it is in.")] = None,
    account: Annotated[str | None, typer.Option(help="Account on which it is held.")] = None,
    tag: Annotated[str | None, typer.Option(help="A tag that it has.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most, the newest first.")] = 20,
    format_: FormatOption = Format.TABLE,
) -> None:
    """List conversations, the newest first."""
    if stage is not None and stage not in STAGES:
        raise typer.BadParameter(f"{stage!r} is not one of {', '.join(STAGES)}", param_hint="--stage")
    rows = run(sight.find(located(), stage=stage, flow=flow, account=account, tag=tag, limit=limit))
    if format_ is Format.JSON:
        print_json([row.model_dump(mode="json") for row in rows])
        return
    if not rows:
        out().print("no conversation; `prosa chat` begins one")
        return
    listed = table("protocol", "opened", "stage", "flow", "card", "contact", "account", "messages", whole=False)
    for row in rows:
        stage_now = f"[{STAGES[row.stage]}]{row.stage}[/]" + (f" [dim]{row.resolution}[/]" if row.resolution else "")
        who = escape(row.name) or f"[dim]{escape(row.address[:12])}[/]"
        where = f"{row.flow} {row.flow_number or ''}".strip()
        card = "" if row.stage == "ended" else row.card or ""
        opened = recent(row.opened_at)
        listed.add_row(row.protocol, opened, stage_now, where, card, who, row.account, str(row.turns))
    listed.columns[0].min_width = PROTOCOL
    out().print(listed)


@app.command(epilog=examples("prosa conversation show 20261121-000001", "prosa conversation show 3f2a --format json"))
def show(
    id_: Id,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also what goes without saying.")] = False,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Show a conversation: the facts, then its story in words."""
    seen = run(sight.look(located(), id_))
    if format_ is Format.JSON:
        print_json(seen.as_json())
    else:
        sight.show(out(), seen, everything=everything)


@app.command("history", epilog=examples("prosa conversation history 20261121-000001"))
def history_(id_: Id) -> None:
    """Show what Temporal did for a conversation, event by event, in words."""
    settings = located()
    console = out()
    for one in run(history.read(settings, id_)):
        history.show(console, one)


@app.command(epilog=examples("prosa conversation close 20261121-000001 --reason 'solved by phone'"))
def close(id_: Id, reason: ReasonOption = "", by: ByOption = "") -> None:
    """End a conversation in good order, at the point where it waits."""
    _done(ending.close(located(), id_, reason, by))


@app.command(epilog=examples("prosa conversation retry 20261121-000001 --reason 'the ERP is back'"))
def retry(id_: Id, reason: ReasonOption = "", by: ByOption = "") -> None:
    """Have the step that failed last played again: the conversation goes back to where it stood then."""
    _done(acting.retry(located(), id_, reason, by))


@app.command(epilog=examples("prosa conversation skip 20261121-000001", "prosa conversation skip 2026 --exit invalid"))
def skip(
    id_: Id,
    *,
    exit_: Annotated[
        str, typer.Option("--exit", help="Exit of the card that waits; without it, the one of a silent contact.")
    ] = "",
    reason: ReasonOption = "",
    by: ByOption = "",
) -> None:
    """Let a conversation wait no longer: for the contact, for an ERP, or for a message to be taken."""
    _done(acting.skip(located(), id_, reason, by, exit_))


@app.command(epilog=examples("prosa conversation terminate 20261121-000001 --reason 'stuck on a lost card'"))
def terminate(id_: Id, reason: ReasonOption, by: ByOption = "") -> None:
    """End a conversation that cannot go on; it says nothing more to the contact."""
    _done(ending.terminate(located(), id_, reason, by))


def _done(what: Coroutine[Any, Any, str]) -> None:
    out().print(f"[green]✔[/] {escape(run(what))}")
