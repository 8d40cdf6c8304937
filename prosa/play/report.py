"""Results of stories, for a terminal and for programs: failed transcripts, and items that no story reached."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from rich.console import Console
from rich.markup import escape

from prosa.terminal import table
from runtime.wording import seconds
from stories.coverage import KINDS, Coverage, Item
from stories.outcome import Line, Outcome

COLOURS: Final = {
    "contact": "cyan",
    "agent": "blue",
    "bot": "green",
    "time": "dim",
    "event": "yellow",
    "end": "bold",
}
SIGNS: Final = {"contact": "contact", "agent": "agent", "bot": "bot", "time": "·", "event": "·", "end": "·"}
CONTEXT: Final = 12
"""Lines of a transcript before the first difference that are shown."""
GAPS: Final = 10
"""Things that no story reached which are named for one flow, unless all are wanted."""
_ONE: Final = {"cards": "card", "exits": "exit", "options": "option", "reminders": "reminder"}

Where = Callable[[Item], str]
"""Says where something stands: `FILE:LINE`."""


def show(
    console: Console, outcomes: Sequence[Outcome], covered: Coverage, took: float, where: Where, *, everything: bool
) -> None:
    """Print every story that failed, the coverage of each flow with its gaps, and the sum."""
    failed = [outcome for outcome in outcomes if outcome.difference]
    for outcome in failed:
        show_failure(console, outcome)
    show_coverage(console, covered)
    show_gaps(console, covered, where, everything=everything)
    colour = "red" if failed else "green"
    said = f"[bold {colour}]{len(outcomes) - len(failed)} passed[/]" + (
        f", [bold red]{len(failed)} failed[/]" if failed else ""
    )
    console.print(f"{len(outcomes)} stories: {said}, {seconds(took)}")


def show_failure(console: Console, outcome: Outcome) -> None:
    """Print the transcript of a story up to the first difference, with the expected and the found line."""
    difference = outcome.difference
    if difference is None:
        return
    console.print(f"[bold red]✘[/] {escape(outcome.story)}  [dim]{escape(outcome.file)}:{outcome.line}[/]")
    lines = outcome.transcript if difference.at is None else outcome.transcript[: difference.at]
    if len(lines) > CONTEXT:
        console.print(f"    [dim]… {len(lines) - CONTEXT} lines before[/]")
    for line in lines[-CONTEXT:]:
        _say(console, line)
    _mark(console, "expected", difference.expected)
    _mark(console, "found", difference.found, _first_difference(difference.expected, difference.found))
    console.print()


def show_coverage(console: Console, covered: Coverage) -> None:
    """Print how much of each flow was reached."""
    names = list(dict.fromkeys(item.flow for item in covered.items))
    if not names:
        return
    listed = table("flow", *KINDS)
    for name in names:
        listed.add_row(name, *(_share(covered.of(name, kind)) for kind in KINDS))
    console.print(listed)


def show_gaps(console: Console, covered: Coverage, where: Where, *, everything: bool) -> None:
    """Print the items that no story reached, flow by flow, one on each line, with its place."""
    for name in dict.fromkeys(item.flow for item in covered.gaps):
        gaps = covered.of(name).gaps
        named = gaps if everything or len(gaps) == GAPS + 1 else gaps[:GAPS]
        console.print(f"[yellow]•[/] [dim]no story reaches in[/] {name}[dim]:[/]")
        wide = max(len(item.spelled) for item in named)
        for item in named:
            place = f"[dim]{escape(where(item))}[/]"
            console.print(f"    {_ONE[item.kind]:<8}  {escape(item.spelled.ljust(wide))}  {place}", soft_wrap=True)
        if more := len(gaps) - len(named):
            console.print(f"    [dim]and {more} more: --all names them[/]")


def as_json(outcomes: Iterable[Outcome], covered: Coverage) -> dict[str, Any]:
    """Return everything as data."""
    names = dict.fromkeys(item.flow for item in covered.items)
    return {
        "stories": [
            {
                "story": outcome.story,
                "flow": outcome.flow,
                "file": outcome.file,
                "line": outcome.line,
                "passed": outcome.difference is None,
                "expected": outcome.difference.expected if outcome.difference else None,
                "found": outcome.difference.found if outcome.difference else None,
                "transcript": [f"{line.who}: {line.text}" for line in outcome.transcript],
                "seconds": round(outcome.seconds, 3),
            }
            for outcome in outcomes
        ],
        "coverage": {name: {kind: _counts(covered.of(name, kind)) for kind in KINDS} for name in names},
    }


def _counts(part: Coverage) -> dict[str, Any]:
    return {"all": len(part.items), "reached": len(part.reached), "missed": [item.spelled for item in part.missed]}


def _share(part: Coverage) -> str:
    if not part.items:
        return "[dim]-[/]"
    colour = "green" if len(part.reached) == len(part.items) else "yellow"
    return f"[{colour}]{len(part.reached)}/{len(part.items)}[/]"


def _say(console: Console, line: Line) -> None:
    colour = COLOURS[line.who]
    for place, part in enumerate(line.text.splitlines() or [""]):
        sign = SIGNS[line.who] if place == 0 else ""
        console.print(f"    [{colour}]{sign:<8}[/] {escape(part)}", soft_wrap=True)


def _mark(console: Console, word: str, text: str, from_: int | None = None) -> None:
    colour = "green" if word == "expected" else "red"
    first, *rest = text.splitlines() or [""]
    lead = f"  [bold {colour}]>[/] [bold {colour}]{word:<8}[/] "
    if from_ is None or from_ >= len(first):
        console.print(lead + escape(first), soft_wrap=True)
    else:
        same, other = escape(first[:from_]), escape(first[from_:])
        console.print(f"{lead}{same}[bold underline {colour}]{other}[/]", soft_wrap=True)
    for part in rest:
        console.print(f"             {escape(part)}", soft_wrap=True)


def _first_difference(expected: str, found: str) -> int:
    """Return the place of the first character that differs."""
    same = (place for place, (one, other) in enumerate(zip(expected, found, strict=False)) if one != other)
    return next(same, min(len(expected), len(found)))
