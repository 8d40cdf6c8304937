"""`prosa doctor`: looks at everything, and says of each trouble what it is, why it matters and what mends it."""

from collections.abc import Collection
from dataclasses import asdict, replace
from typing import Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from temporalio.client import Client

from domain.errors import OperatorError, SettingsError
from journal import diagnosis
from journal.errors import DatabaseVersionError
from prosa.context import FormatOption, application, examples, located, run
from prosa.terminal import Format, out, print_json
from prosa.up import demo_erp
from runtime.settings import Settings
from usecases import store
from usecases.doctor import connections, failures, flows, machine, mail, open_ones, people, service
from usecases.doctor import store as store_checkup
from usecases.doctor.finding import Finding, count, trouble
from usecases.doctor.temporal_away import away
from usecases.temporal_client import reached

app = application()

MARKS: Final = {"fine": "[green]✔[/]", "notice": "[yellow]•[/]", "trouble": "[bold red]✘[/]"}
ORDER: Final = ("fine", "notice", "trouble")


@app.command(epilog=examples("prosa doctor", "prosa -C var/demo doctor", "prosa doctor --format json"))
def doctor(format_: FormatOption = Format.TABLE) -> None:
    """Look at everything, and say of each trouble what it is, why it matters and what mends it; status 1 if any."""
    settings = located()
    found = run(examine(settings, demo_erp.supplied(settings)))
    if format_ is Format.JSON:
        print_json([asdict(finding) for finding in found])
    else:
        _show(out(), found)
    if any(finding.level == "trouble" for finding in found):
        raise typer.Exit(1)


async def examine(settings: Settings, supplied: Collection[str]) -> list[Finding]:
    """Return everything that is found; what cannot be looked at is a finding too.

    *supplied* are the tables of `prosa.toml` to which a `prosa up` on this machine supplies the secrets.
    """
    try:
        async with reached(settings) as client:
            found = [*await service.look(client, settings), *await _data(settings, client)]
    except (OperatorError, SettingsError) as error:
        if isinstance(error, DatabaseVersionError):
            raise
        found = [away(settings, error), *await _data(settings, None)]
    found += [*await machine.look(settings, supplied), *await mail.look(settings)]
    found = merged(found, await connections.look(settings))
    return sorted(found, key=lambda finding: ORDER.index(finding.level))


def merged(found: list[Finding], tried: list[Finding]) -> list[Finding]:
    """Add what was *tried* of an ERP from here to the trouble that conversations have with it, if they have any."""
    seen = {finding.subject: finding for finding in tried}
    made: list[Finding] = []
    for said in found:
        if said.level == "trouble" and (too := seen.pop(said.subject, None)) is not None:
            mend = dict.fromkeys((*said.mend, *too.mend))
            made.append(replace(said, what=f"{said.what}; {too.what}", mend=tuple(mend)))
        else:
            made.append(said)
    return [*made, *seen.values()]


async def _data(settings: Settings, client: Client | None) -> list[Finding]:
    """Look at the database, and at what it says is open."""
    try:
        async with store.opened(settings) as database:
            async with database.read() as c:
                found = [*await store_checkup.look(c, settings.data), *await flows.look(c, settings)]
                rows = await diagnosis.open_rows(c, open_ones.MOST)
            seen = await open_ones.see(client, rows) if client is not None else []
            async with database.read() as c:
                failed = await failures.look(c, settings, open_ones.failing(seen))
                failed += await people.look(c, settings)
            return [*found, *failed, *(open_ones.look(seen) if client is not None else [])]
    except DatabaseVersionError as error:
        why = "gateway and workers refuse to start with it"
        return [trouble("database", str(error), why, error.mend)]
    except OperatorError as error:
        why = "nothing is acknowledged but what fits on the gateway's disk, and nothing is answered"
        return [trouble("database", str(error), why, "start it, or mend database.url in prosa.toml")]


def _show(console: Console, found: list[Finding]) -> None:
    for finding in found:
        console.print(f"{MARKS[finding.level]} [bold]{escape(finding.subject)}[/]: {escape(finding.what)}")
        if finding.why:
            details = Table.grid(padding=(0, 2))
            details.add_column(style="dim", no_wrap=True)
            details.add_column(overflow="fold")
            details.add_row("  why it matters", escape(finding.why))
            for number, mend in enumerate(finding.mend):
                details.add_row("" if number else "  what to do", escape(mend))
            console.print(details)
    troubles = sum(finding.level == "trouble" for finding in found)
    console.print()
    console.print(f"[bold red]{count(troubles, 'trouble')}[/]" if troubles else "[green]nothing is in trouble[/]")
