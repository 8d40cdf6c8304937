"""`prosa doctor`: examines everything, and prints each trouble with its consequence and its remedy."""

from dataclasses import asdict
from typing import Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from prosa.context import FormatOption, application, examples, located_with_mistakes, run
from prosa.terminal import Format, out, print_json
from prosa.up import demo_erp
from usecases.doctor.examine import examine
from usecases.doctor.finding import Finding, count
from usecases.masking import masked, masked_data

app = application()

MARKS: Final = {"fine": "[green]✔[/]", "notice": "[yellow]•[/]", "trouble": "[bold red]✘[/]"}


@app.command(epilog=examples("prosa doctor", "prosa -C var/demo doctor", "prosa doctor --format json"))
def doctor(format_: FormatOption = Format.TABLE) -> None:
    """Examine everything, and print each trouble with its consequence and its remedy; status 1 if there is any."""
    settings = located_with_mistakes()
    found = run(examine(settings, demo_erp.supplied(settings)))
    if format_ is Format.JSON:
        print_json(masked_data([asdict(finding) for finding in found]))
    else:
        _show(out(), found)
    if any(finding.level == "trouble" for finding in found):
        raise typer.Exit(1)


def _show(console: Console, found: list[Finding]) -> None:
    for finding in found:
        console.print(f"{MARKS[finding.level]} [bold]{escape(finding.subject)}[/]: {escape(masked(finding.what))}")
        if finding.why:
            details = Table.grid(padding=(0, 2))
            details.add_column(style="dim", no_wrap=True)
            details.add_column(overflow="fold")
            details.add_row("  why it matters", escape(masked(finding.why)))
            for number, mend in enumerate(finding.mend):
                details.add_row("" if number else "  what to do", escape(mend))
            console.print(details)
    troubles = sum(finding.level == "trouble" for finding in found)
    console.print()
    console.print(f"[bold red]{count(troubles, 'trouble')}[/]" if troubles else "[green]nothing is in trouble[/]")
