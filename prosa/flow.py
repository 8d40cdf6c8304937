"""`prosa flow`: check, draw, play, test, publish, roll back; published versions never change."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from domain.errors import OperatorError
from drawing import picture
from flows.flow import Flow
from flows.schema import written
from journal import flows
from journal.flows import VersionRow
from prosa import findings
from prosa.context import FormatOption, application, examples, loaded, run
from prosa.play import story_runs
from prosa.terminal import Format, out, print_json, print_table, table
from runtime.settings import Settings
from runtime.wording import moment, short
from stories.schema import written_stories
from usecases import checking, flow_files, publishing, store
from usecases.publishing import Publication

app = application("Check, draw, play, test, publish and roll back flows.")

Files = Annotated[
    list[str] | None, typer.Argument(metavar="[FILES]...", help="Files, folders or names of flows; default: all.")
]


@app.command(epilog=examples("prosa flow check", "prosa flow check my_flow.yaml --format json"))
def check(files: Files = None, format_: FormatOption = Format.TABLE) -> None:
    """Find mistakes in flows before they are published; status 1 when there are errors."""
    settings = loaded()
    checked = checking.check(settings, flow_files.paths(settings, files or ()))
    if not files:
        checked += checking.check_settings(settings)
    if format_ is Format.JSON:
        print_json([one.as_json() for one in checked])
    else:
        findings.show(out(), checked)
    if any(one.errors for one in checked):
        raise typer.Exit(1)


@app.command(epilog=examples("prosa flow draw atendimento -o atendimento.svg", "prosa flow draw x.yaml -o x.png"))
def draw(
    file: Annotated[str, typer.Argument(metavar="FLOW", help="A file, or the name of a flow.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where to write: a name that ends in .svg, .png or .html.")
    ],
    language: Annotated[
        str,
        typer.Option(
            "--language", metavar="LANG", help="Language of the legend and labels, pt-BR or en; else the flow's."
        ),
    ] = "",
) -> None:
    """Draw a flow: its cards, the target of each exit, loops, and links to drawings of flows beside it."""
    form = output.suffix.removeprefix(".").lower()
    if form not in picture.FORMS:
        raise typer.BadParameter(f"expected a name that ends in .svg, .png or .html, found {output.name!r}")
    paths = flow_files.paths(loaded(), [file])
    if len(paths) != 1:
        raise typer.BadParameter(f"expected one flow, found {len(paths)} in {file!r}")
    drawn = picture.picture(flow_files.read(paths[0]).flow, form, language)
    try:
        output.write_bytes(drawn)
    except OSError as error:
        raise OperatorError(f"cannot write {str(output)!r}: {(error.strerror or '').lower()}") from error
    out().print(f"[green]✔[/] {output}")


@app.command(epilog=examples("prosa flow publish --all", "prosa flow publish atendimento", "prosa flow publish x.yaml"))
def publish(
    files: Files = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Publish every flow of the folder.")] = False,
) -> None:
    """Check flows and publish them: new conversations play them, those in progress go on as they are."""
    if not files and not everything:
        raise typer.BadParameter("name files or flows, or say --all")
    settings = loaded()
    checked = checking.check(settings, flow_files.paths(settings, files or ()))
    if any(one.errors for one in checked):
        findings.show(out(), checked)
        out().print("[red]nothing was published[/]")
        raise typer.Exit(1)
    chosen = flow_files.by_name(one.file for one in checked if one.file is not None)
    run(_publish(settings, chosen))


@app.command(epilog=examples("prosa flow versions", "prosa flow versions atendimento"))
def versions(
    name: Annotated[str | None, typer.Argument(help="Name of a flow; default: all.")] = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """List the published versions, the newest first; the current one has a dot."""
    rows = run(_versions(loaded(), name))
    if format_ is Format.JSON:
        print_json([row.model_dump(mode="json") for row in rows])
        return
    if not rows:
        out().print("nothing was published yet; `prosa flow publish --all` does it")
        return
    listed = table("", "flow", "number", "version", "published", "by")
    for row in rows:
        mark = "[green]●[/]" if row.current else ""
        listed.add_row(
            mark, row.name, str(row.number), short(row.version), moment(row.published_at), escape(row.published_by)
        )
    print_table(listed)


@app.command(epilog=examples("prosa flow rollback atendimento", "prosa flow rollback atendimento --to 3"))
def rollback(
    name: Annotated[str, typer.Argument(help="Name of the flow.")],
    to: Annotated[
        str | None, typer.Option("--to", metavar="N", help="Number or hash; default: the one before.")
    ] = None,
) -> None:
    """Make an older version the current one; conversations in progress go on as they are."""
    row = run(_rollback(loaded(), name, int(to) if to and to.isdecimal() and len(to) < 10 else to))  # noqa: PLR2004
    out().print(f"[green]✔[/] {row.name} is {row.number} ({short(row.version)}) again")


@app.command(
    epilog=examples(
        "prosa flow play atendimento",
        "prosa flow play my.yaml --given story.yaml",
        "prosa flow play segunda_via --name Ana",
    )
)
def play(
    file: Annotated[str, typer.Argument(metavar="FLOW", help="A file, or the name of a flow.")],
    *,
    given: Annotated[
        str | None, typer.Option(metavar="STORY", help="A story whose `given` answers for connections; else you do.")
    ] = None,
    name: Annotated[str, typer.Option(help="Your name, as the bot will call you.")] = "",
) -> None:
    """Talk to a flow without any server: you are the contact, the clock (/wait 30m, /later) and, if asked, the ERP."""
    run(story_runs.play(loaded(), file, given, name))


@app.command(
    "test",
    epilog=examples("prosa flow test", "prosa flow test segunda_via --report coverage.html", "prosa flow test my.yaml"),
)
def try_out(
    stories: Annotated[
        list[str] | None,
        typer.Argument(metavar="[STORIES]...", help="Files, folders or names of flows; default: all beside the flows."),
    ] = None,
    *,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the coverage of each card as an HTML page.")
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(min=1, help="How many play at a time, each with a server of its own; default: what is quickest."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Name all that no story reaches, however much.")] = False,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Play stories: conversations on paper, hours in milliseconds; status 1 when one goes otherwise than it says."""
    as_json = format_ is Format.JSON
    outcomes = story_runs.run_stories(
        loaded(), stories or (), processes, report, as_json=as_json, everything=everything
    )
    if any(outcome.difference for outcome in outcomes):
        raise typer.Exit(1)


@app.command(epilog=examples("prosa flow schema > flow.schema.json", "prosa flow schema --stories > schema.json"))
def schema(*, stories: Annotated[bool, typer.Option("--stories", help="Of story files instead.")] = False) -> None:
    """Print the JSON Schema of flow files, for editors."""
    sys.stdout.write(written_stories() if stories else written())


async def _publish(settings: Settings, chosen: dict[str, Flow]) -> None:
    known = {**flow_files.readable(settings), **chosen}
    async with store.opened(settings) as database, database.write() as c:
        made = await publishing.publish(c, await publishing.pin(c, chosen, known), by=store.current_user())
        behind = await publishing.behind(c, made)
    console = out()
    for one in made:
        console.print(f"[green]✔[/] {one.name} {one.number} ({short(one.version)}) {_became(one)}")
    for caller, called, number in behind:
        console.print(
            f"[yellow]•[/] {caller} goes on calling {called} {number}: `prosa flow publish {caller}` moves it on"
        )


def _became(one: Publication) -> str:
    if not one.changed:
        return "[dim]is current already[/]"
    return "published" if one.new else "is current again"


async def _versions(settings: Settings, name: str | None) -> list[VersionRow]:
    async with store.opened(settings) as database, database.read() as c:
        return await flows.versions(c, name)


async def _rollback(settings: Settings, name: str, to: int | str | None) -> VersionRow:
    async with store.opened(settings) as database, database.write() as c:
        return await flows.rollback(c, name, to, by=store.current_user(), now=datetime.now(UTC))
