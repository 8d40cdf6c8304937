"""`prosa audit`: list the actions of agents and operators, and verify that the record is unchanged."""

from typing import Annotated

import typer
from rich.markup import escape

from domain.errors import OperatorError
from journal import audit
from journal.audit import Entry
from prosa.context import FormatOption, application, examples, loaded, run
from prosa.terminal import Format, out, print_json, print_table, table
from runtime.settings import Settings
from runtime.wording import moment
from usecases import store
from usecases.masking import masked, masked_data

app = application("See who did what, and whether that record is whole.")


@app.command("list", epilog=examples("prosa audit list", "prosa audit list --of 20261121-000001 --format json"))
def list_(
    *,
    of: Annotated[str | None, typer.Option(metavar="SUBJECT", help="Only of this conversation or message.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most, the newest first.")] = 50,
    format_: FormatOption = Format.TABLE,
) -> None:
    """List the acts of operators and agents, the newest first."""
    found = run(_entries(loaded(), of, limit))
    if format_ is Format.JSON:
        print_json(masked_data([entry.model_dump(mode="json") for entry in found]))
        return
    if not found:
        out().print("nobody has done anything yet")
        return
    listed = table("#", "at", "who", "did", "to", "why")
    for entry in found:
        facts = masked(" ".join(f"{name}={value}" for name, value in entry.data.items() if value))
        did = f"{escape(entry.action)} [dim]{escape(facts)}[/]" if facts else escape(entry.action)
        subject, why = escape(entry.subject), escape(masked(entry.reason))
        listed.add_row(str(entry.number), moment(entry.at), escape(masked(entry.by)), did, subject, why)
    print_table(listed)


@app.command(epilog=examples("prosa audit verify", "prosa audit verify --head 41:9f86d081884c7d65"))
def verify(
    head: Annotated[
        str,
        typer.Option(
            metavar="NUMBER:HASH", help="A line that this command printed earlier: it must still be in the audit."
        ),
    ] = "",
) -> None:
    """Check the chain of hashes; status 1 when an entry was changed or is gone (the newest: only with --head)."""
    wrong, last = run(_verify(loaded(), head))
    for sentence in wrong:
        out().print(f"[red]✘[/] {sentence}")
    if wrong:
        raise typer.Exit(1)
    here = f"{last.number}:{last.hash}" if last else "0:"
    out().print(f"[green]✔[/] {last.number if last else 0} entries, none changed; keep elsewhere: [bold]{here}[/]")


async def _entries(settings: Settings, of: str | None, limit: int) -> list[Entry]:
    async with store.opened(settings) as database, database.read() as c:
        return await audit.entries(c, subject=of, limit=limit)


async def _verify(settings: Settings, head: str) -> tuple[list[str], Entry | None]:
    number, _, expected = head.partition(":")
    if head and not (number.isdigit() and expected):
        raise OperatorError(f"expected NUMBER:HASH, found {head!r}")
    async with store.opened(settings) as database, database.read() as c:
        wrong, last = await audit.verify(c), await audit.head(c)
        kept = await audit.numbered(c, int(number)) if head else None
    if head and (kept is None or not kept.hash.startswith(expected)):
        wrong.append(f"entry {number} is not the one that was kept elsewhere")
    return wrong, last
