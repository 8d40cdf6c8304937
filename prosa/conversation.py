"""`prosa conversation`: lists, shows, opens, moves and ends conversations."""

from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.markup import escape

from domain.duration import parse_duration
from flows.parts.priorities import PRIORITIES
from prosa import conversation_view, history_view, listing
from prosa.context import ByOption, FormatOption, ReasonOption, application, examples, located, run
from prosa.terminal import Format, out, print_json, print_table, warn
from usecases import closing, conversations, handover, history, interventions, opening, sessions, waking
from usecases.masking import masked_data
from usecases.opening import OpenRequest

app = application("Look at conversations, and end them.")


def Age(help_: str) -> Any:  # noqa: N802 - it stands where a type's annotation does
    """Return an option that takes a duration as flows write it."""
    return typer.Option(parser=_age, metavar="AGE", help=help_)


def _age(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


Id = Annotated[str, typer.Argument(metavar="ID", help="Protocol or conversation id, or how one begins.")]


@app.command(
    "list",
    epilog=examples(
        "prosa conversation list",
        "prosa conversation list --contact silva --newer 2d",
        "prosa conversation list --stage queue",
        "prosa conversation list --resolution message_left --newer 1d",
        "prosa conversation list --stage bot --quiet 1h --format json",
    ),
)
def list_(  # noqa: PLR0913 - what people look by
    *,
    protocol: Annotated[str | None, typer.Option(help="How its protocol begins: a day, for example.")] = None,
    contact: Annotated[str | None, typer.Option(help="A part of the contact's name or address.")] = None,
    stage: Annotated[str | None, typer.Option(help="bot, queue, agent, survey or ended.")] = None,
    flow: Annotated[str | None, typer.Option(help="Name of the flow it is in.")] = None,
    account: Annotated[str | None, typer.Option(help="Account on which it is held.")] = None,
    tag: Annotated[str | None, typer.Option(help="A tag that it has.")] = None,
    priority: Annotated[str | None, typer.Option(help="low, normal, high or urgent.")] = None,
    resolution: Annotated[
        str | None, typer.Option(help="How it has ended: resolved, no_answer, message_left, or as a flow says.")
    ] = None,
    newer: Annotated[timedelta | None, Age("Opened within so long, as 30m or 2d.")] = None,
    older: Annotated[timedelta | None, Age("Opened longer ago than that.")] = None,
    quiet: Annotated[timedelta | None, Age("Without any event for so long.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most, the newest first.")] = 20,
    format_: FormatOption = Format.TABLE,
) -> None:
    """List conversations, the newest first; with `--stage queue`, the most urgent, then the longest waiting."""
    if stage is not None and stage not in listing.STAGES:
        raise typer.BadParameter(f"{stage!r} is not one of {', '.join(listing.STAGES)}", param_hint="--stage")
    if priority is not None and priority not in PRIORITIES:
        raise typer.BadParameter(f"{priority!r} is not one of {', '.join(PRIORITIES)}", param_hint="--priority")
    now = datetime.now(UTC)
    filters = {"protocol": protocol, "contact": contact, "stage": stage, "flow": flow, "account": account, "tag": tag}
    filters |= {"priority": priority, "resolution": resolution}
    ages = {"opened_after": newer, "opened_before": older, "quiet_since": quiet}
    moments = {name: now - age for name, age in ages.items() if age is not None}
    settings = located()
    rows = run(conversations.find(settings, **filters, **moments, limit=limit))
    if format_ is Format.JSON:
        print_json(masked_data([row.model_dump(mode="json") for row in rows]))
        return
    if not rows:
        out().print("no conversation; `prosa chat` begins one")
        return
    shown = listing.queued if stage == "queue" else listing.listed
    print_table(shown(rows, out().width))
    if len(rows) == limit and (all_ := run(conversations.count(settings, **filters, **moments))) > limit:
        out().print(f"[dim]{limit} of {all_}; --limit shows more[/]")


@app.command(epilog=examples("prosa conversation show 20261121-000001", "prosa conversation show 3f2a --format json"))
def show(
    id_: Id,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also show ordinary exits.")] = False,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Show a conversation: the facts, then its story in words."""
    seen = run(conversations.look(located(), id_))
    if format_ is Format.JSON:
        print_json(seen.as_json())
    else:
        conversation_view.show(out(), seen, everything=everything)


@app.command("history", epilog=examples("prosa conversation history 20261121-000001"))
def history_(id_: Id) -> None:
    """Show Temporal's history of a conversation, event by event, in words."""
    settings = located()
    console = out()
    for one in run(history.read(settings, id_)):
        history_view.show(console, one)


@app.command(
    "open",
    epilog=examples(
        "prosa conversation open whatsapp 5549988887777 --flow follow_up --template proposal_follow_up "
        "--parameter name=Ana --input plan='Fibra 600'",
    ),
)
def open_(  # noqa: PLR0913 - what people begin a conversation with
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's name in the settings.")],
    address: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="The contact's address: a phone number, a user's id.")
    ],
    *,
    flow: Annotated[str, typer.Option(metavar="NAME", help="The flow that is played.")],
    template: Annotated[
        str | None, typer.Option(metavar="NAME", help="The template to send first; else the flow speaks by itself.")
    ] = None,
    parameter: Annotated[
        list[str] | None, typer.Option(metavar="NAME=TEXT", help="The text for the template's place of that name.")
    ] = None,
    input_: Annotated[
        list[str] | None, typer.Option("--input", metavar="NAME=VALUE", help="A variable of the flow to set.")
    ] = None,
    name: Annotated[str, typer.Option(help="The contact's name.")] = "",
    key: Annotated[
        str, typer.Option(help="A key of this opening: repeated with the same key, the command opens nothing again.")
    ] = "",
    reason: ReasonOption = "",
    by: ByOption = "",
) -> None:
    """Open a conversation with somebody who has not written, unless one is open with them."""
    request = OpenRequest(
        account=account,
        address=address,
        flow=flow,
        name=name,
        template=template,
        parameters=_pairs(parameter, "--parameter"),
        reason=reason,
    )
    opened = run(opening.open_here(located(), request, _pairs(input_, "--input"), key, by))
    for warning in opened.warnings:
        warn(warning)
    was = "was opened before, under that key" if opened.repeated else "is being opened"
    _print_done(f"the conversation {opened.conversation_id[:12]} {was}; `prosa conversation show` tells how it goes")


def _pairs(written: list[str] | None, option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for one in written or ():
        name, equals, value = one.partition("=")
        if not (equals and name):
            raise typer.BadParameter(f"expected NAME=VALUE, found {one!r}", param_hint=option)
        pairs[name] = value
    return pairs


@app.command(epilog=examples("prosa conversation close 20261121-000001 --reason 'solved by phone'"))
def close(id_: Id, reason: ReasonOption = "", by: ByOption = "") -> None:
    """End a conversation in good order, at the point where it waits."""
    _done(closing.close(located(), id_, reason, by))


@app.command(epilog=examples("prosa conversation retry 20261121-000001 --reason 'the ERP is back'"))
def retry(id_: Id, reason: ReasonOption = "", by: ByOption = "") -> None:
    """Have the step that failed last played again: the conversation goes back to where it stood then."""
    _done(interventions.retry(located(), id_, reason, by))


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
    _done(interventions.skip(located(), id_, reason, by, exit_))


@app.command(epilog=examples("prosa conversation take 20261121-000001"))
def take(id_: Id, by: ByOption = "") -> None:
    """Take a conversation that waits for agents: from then on the contact waits for you without a time limit."""
    _done(handover.act(located(), id_, "take", "", by))


@app.command(
    epilog=examples("prosa conversation say 20261121-000001 'Oi, aqui fala a Bia.'"),
    context_settings={"allow_extra_args": True},
)
def say(
    context: typer.Context,
    id_: Id,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The message to the contact.")],
    by: ByOption = "",
) -> None:
    """Answer the contact of a conversation that was passed to agents."""
    if context.args:
        raise typer.BadParameter("put the text in quotes: 'Oi, tudo bem?'", param_hint="TEXT")
    _done(handover.act(located(), id_, "say", text, by))


@app.command(epilog=examples("prosa conversation resolve 20261121-000001 --note 'troquei o roteador'"))
def resolve(
    id_: Id,
    *,
    note: Annotated[str, typer.Option(help="A note on the solution; the contact does not see it.")] = "",
    by: ByOption = "",
) -> None:
    """Resolve a conversation that was passed to agents: its flow goes on."""
    _done(handover.act(located(), id_, "resolve", note, by))


@app.command(epilog=examples("prosa conversation wake 20261121-000001"))
def wake(id_: Id, reason: ReasonOption = "", by: ByOption = "") -> None:
    """Have a conversation that Temporal has set back, or lost, find its way now, and not when it hears more."""
    _done(waking.wake(located(), id_, reason, by))


@app.command(epilog=examples("prosa conversation terminate 20261121-000001 --reason 'stuck on a lost card'"))
def terminate(id_: Id, reason: ReasonOption, by: ByOption = "") -> None:
    """End a conversation that cannot go on; it says nothing more to the contact."""
    _done(closing.terminate(located(), id_, reason, by))


@app.command("end-session", epilog=examples("prosa conversation end-session 20261121-000001 --reason 'lost phone'"))
def end_session(id_: Id, reason: ReasonOption = "", by: ByOption = "") -> None:
    """End the web chat session of a contact: no page and no link shows the conversation any longer."""
    _done(sessions.end(located(), id_, reason, by))


def _done(what: Coroutine[Any, Any, str]) -> None:
    _print_done(run(what))


def _print_done(sentence: str) -> None:
    out().print(f"[green]✔[/] {escape(sentence)}")
