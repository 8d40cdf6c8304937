"""`prosa campaign`: a conversation with each contact of a list."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from domain.errors import OperatorError
from journal.outreach import Outcome
from prosa.context import ByOption, ReasonOption, application, examples, loaded, run
from prosa.terminal import Terminal, out, print_table, table, warn
from runtime.secrets import installation_key
from runtime.settings import Settings
from usecases import campaigns, contact_lists, opening, store
from usecases.campaigns import Sent
from usecases.contact_lists import Line, Refused
from usecases.opening import OpenRequest

app = application("Speak first, to each contact of a list.")

SHOWN: Final = 20
"""Lines that are named."""
WORDS: Final[dict[Outcome, str]] = {
    "opened": "opened",
    "repeated": "opened before, by a campaign of this name",
    "already_open": "already open: nothing was said",
    "key_taken": "refused: a campaign of this name has begun another flow with them",
}


@app.callback()
def campaign() -> None:
    """Speak first, to each contact of a list."""


@app.command(
    epilog=examples(
        "prosa campaign send lista.csv --account whatsapp --flow retorno --template proposta --dry-run",
        "prosa campaign send lista.csv --account whatsapp --flow retorno --template proposta --name dezembro",
        "prosa campaign send lista.csv --account site --flow csat --rate 5/s",
    )
)
def send(  # noqa: PLR0913 - what a campaign has
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV with the columns address, name, and the flow's inputs by name.")
    ],
    *,
    account: Annotated[str, typer.Option(help="The account to send from.")],
    flow: Annotated[str, typer.Option(help="The published flow that is played with each.")],
    template: Annotated[
        str | None, typer.Option(help="The template that is said first; without one the flow speaks by itself.")
    ] = None,
    name: Annotated[
        str, typer.Option(help="Under the same name each contact is spoken to once; else that of the file.")
    ] = "",
    rate: Annotated[str, typer.Option(metavar="N/UNIT", help="How many a second, minute or hour: 5/s, 30/min.")] = (
        "30/min"
    ),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check the list.")] = False,
    reason: ReasonOption = "",
    by: ByOption = "",
) -> None:
    """Open a conversation with each contact of a list, none when a line is wrong; stopped, the same command goes on."""
    called = name or file.stem
    request = OpenRequest(
        account=account, address="", flow=flow, template=template, reason=reason or f"campaign {called}"
    )
    campaigns.check_rate(rate)
    run(_send(loaded(), file, request, called, rate, by or store.current_user(), dry_run=dry_run))


async def _send(  # noqa: PLR0913 - what a campaign has
    settings: Settings, file: Path, request: OpenRequest, name: str, rate: str, by: str, *, dry_run: bool
) -> None:
    async with store.opened(settings) as database:
        async with database.read() as c:
            known = await opening.variables(c, request.flow)
        lines, refused = contact_lists.read(file, settings, request, known)
        if refused:
            raise OperatorError(_refusal(file, refused))
        unheard = [line for line in lines if opening.unheard(settings, line.asked.request)]
        if unheard:
            numbers = ", ".join(str(line.number) for line in unheard[:SHOWN]) + (" ..." if unheard[SHOWN:] else "")
            why = opening.unheard(settings, unheard[0].asked.request)
            warn(f"{len(unheard)} of {len(lines)} contacts (lines {numbers}) will hear nothing: {why}")
        if dry_run:
            mark, wrong = ("[yellow]•[/]", "no line is wrong") if unheard else ("[green]✔[/]", "nothing is wrong")
            out().print(f"{mark} {len(lines)} contacts, {wrong}; nothing was opened")
            return
        installation = installation_key(settings.data)
        done: list[Sent] = []
        try:
            with _progress() as progress:
                task = progress.add_task(escape(name), total=len(lines))
                async for sent in campaigns.send(database, lines, name, rate, installation=installation, by=by):
                    done.append(sent)
                    progress.advance(task)
        finally:  # also of one that is stopped
            _summarise(done, lines)


def _summarise(done: Sequence[Sent], lines: Sequence[Line]) -> None:
    counted = Counter(sent.outcome for sent in done)
    listed = table("contacts", "what became of them", "lines")
    for outcome, words in WORDS.items():
        if counted[outcome]:
            numbers = [str(sent.line.number) for sent in done if sent.outcome == outcome]
            named = "" if outcome in {"opened", "repeated"} else ", ".join(numbers[:SHOWN])
            listed.add_row(str(counted[outcome]), words, named + (" ..." if named and len(numbers) > SHOWN else ""))
    if len(done) < len(lines):
        listed.add_row(str(len(lines) - len(done)), "not yet: the same command goes on", "")
    print_table(listed)


def _refusal(file: Path, refused: Sequence[Refused]) -> str:
    lines = [f"{file}:{number}: {why}" for number, why in refused[:SHOWN]]
    more = [f"and {len(refused) - SHOWN} more"] if len(refused) > SHOWN else []
    return "\n".join(["nothing was opened; these lines are not right:", *lines, *more])


def _progress() -> Progress:
    console = Terminal(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty())
