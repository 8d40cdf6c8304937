"""Print the findings of flow files."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from usecases.checking import Checked


def show(console: Console, checked: Iterable[Checked]) -> None:
    """Print a line for each file, with its findings below."""
    for one in checked:
        mark = "[bold red]✘[/]" if one.errors else "[yellow]•[/]" if one.findings else "[bold green]✔[/]"
        console.print(
            f"{mark} {escape(str(_near(one.path)))}" + (f"  [dim]{escape(one.file.flow.title)}[/]" if one.file else "")
        )
        for line in one.unreadable.splitlines():
            console.print(f"  {escape(line)}")
        for finding in one.findings:
            colour = "red" if finding.severity == "error" else "yellow"
            card = f"card {finding.card!r}: " if finding.card else ""
            line = f"[dim]line {finding.line}[/] " if finding.line else ""  # of settings, the sentence names the key
            console.print(
                f"  {line}[{colour}]{finding.code}[/] {escape(card + finding.sentence)}"
                f"[dim]; {escape(finding.remedy)}[/]"
            )


def _near(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
