"""The report: one table of figures with ratios, and one of the targets."""

import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bench.arithmetic import Ratio, per_thousand, percentile, ratio
from bench.results import LEAN, NOT_IDEMPOTENT, POSTGRESQL, PROSA, USUAL, Burst, Language, Once, Results, Round

MIB: Final = 1024 * 1024
KIB: Final = 1024
COLD: Final = "Cold turn (the best of a few: noise only ever adds)"
NOTE: Final = (
    "Read the ratios: the systems took turns on the same machine, and what disturbed one disturbed all. "
    "Times, rates and CPU are those of this machine in this hour, and noisy. Events and bytes are exact."
)


@dataclass(frozen=True)
class Figure:
    """One line of the report: a value a round, by system."""

    section: str
    title: str
    digits: int
    values: Mapping[str, tuple[float, ...]]

    def middle(self, system: str) -> float | None:
        """Return the median of the rounds; None when the system was not measured."""
        values = self.values.get(system)
        return statistics.median(values) if values else None

    def against(self, other: str, ours: str = PROSA) -> Ratio | None:
        """Return Prosa's ratio to *other*; None when one of them was not measured."""
        mine, theirs = self.values.get(ours, ()), self.values.get(other, ())
        rounds = min(len(mine), len(theirs))  # an interrupted run has measured one more of some
        return ratio(mine[:rounds], theirs[:rounds])


def figures(results: Results) -> list[Figure]:
    """Return every figure that *results* hold."""
    return [
        figure for figure in (*_once(results.once), *_rounds(results.rounds), *_bursts(results.rounds)) if figure.values
    ]


def tables(results: Results) -> RenderableType:
    """Return the report, to be printed."""
    table = Table(title="Prosa beside hand-written workflows", title_style="bold", caption=NOTE, caption_justify="left")
    table.add_column("measure")
    columns = [
        name for name in (PROSA, NOT_IDEMPOTENT, POSTGRESQL, USUAL, LEAN) if name in {**results.rounds, **results.once}
    ]
    for name in columns:
        table.add_column(name, justify="right")
    for name in (USUAL, LEAN):
        table.add_column(f"Prosa / {name}", justify="right", style="bold")
    section = ""
    for figure in figures(results):
        if figure.section != section:
            section = figure.section
            table.add_section()
            table.add_row(Text(section, style="bold cyan"))
        values = [_number(figure.middle(name), figure.digits) for name in columns]
        table.add_row(f"  {figure.title}", *values, *(_ratio(figure.against(name)) for name in (USUAL, LEAN)))
    return Group(table, *_language(results.language), *_warnings(results))


def growth(measured: Mapping[int, float]) -> float | None:
    """Return how many times as long one takes of the most as one of the fewest; None without two numbers."""
    each = {count: seconds / count for count, seconds in measured.items()}
    return each[max(each)] / each[min(each)] if len(each) > 1 else None


def of_size(language: Language) -> float | None:
    """Return how many times as long a turn takes in the larger flow as in the smaller one, at the median."""
    middle = {cards: percentile(times, 50) for cards, times in language.turns.items()}
    return middle[max(middle)] / middle[min(middle)] if len(middle) > 1 else None


def _language(found: Language) -> Iterator[Table]:
    table = Table(title="The flow language", title_style="bold")
    table.add_column("measure")
    table.add_column("found", justify="right")
    table.add_column("ratio", justify="right", style="bold")
    for cards, times in found.turns.items():
        share = _times(of_size(found)) if cards == max(found.turns) else ""
        table.add_row(f"webhook to send, flow of {cards} cards, p50, ms", f"{percentile(times, 50) * 1000:.1f}", share)
    for flows, seconds in found.checked.items():
        share = _times(growth(found.checked)) if flows == max(found.checked) else ""
        table.add_row(f"reading and checking {flows} flows, ms a flow", f"{seconds / flows * 1000:.1f}", share)
    for processes, seconds in found.played.items():
        share = _times(found.played[1] / seconds) if processes > 1 and 1 in found.played else ""
        table.add_row(f"stories a second, {processes} at once", f"{found.stories / seconds:.1f}", share)
    if table.row_count:
        yield table


def _times(share: float | None) -> str:
    return "" if share is None else f"{share:.2f}"


def _once(once: Mapping[str, Once]) -> Iterator[Figure]:
    def figure(section: str, title: str, digits: int, value: Callable[[Once], float]) -> Figure:
        return Figure(section, title, digits, {name: (value(one),) for name, one in once.items()})

    plain = "History of a plain turn (exact)"
    yield figure(plain, "events", 1, lambda one: one.turn.events)
    yield figure(plain, "bytes", 0, lambda one: one.turn.bytes)
    for turns in sorted({turns for one in once.values() for turns in one.cold}):
        yield figure(COLD, f"after {turns} turns, ms", 0, lambda one, turns=turns: min(one.cold[turns]) * 1000)
    opened = max((one.open for one in once.values()), default=0)
    many = f"{opened:,} open conversations"
    yield figure(many, "opened a second", 1, lambda one: one.open / one.opening_seconds)
    yield figure(many, "worker, MiB resident", 0, lambda one: one.memory / MIB)
    yield figure(
        many, "worker, KiB a conversation", 0, lambda one: (one.memory - one.memory_before) / KIB / max(one.open, 1)
    )


def _rounds(rounds: Mapping[str, list[Round]]) -> Iterator[Figure]:
    def figure(section: str, title: str, digits: int, value: Callable[[Round], float]) -> Figure:
        return Figure(section, title, digits, {name: tuple(map(value, all_)) for name, all_ in rounds.items()})

    low = "Webhook to send at low load"
    yield figure(low, "p50, ms", 1, lambda one: percentile(one.latencies, 50) * 1000)
    pooled = {name: [seconds for one in all_ for seconds in one.latencies] for name, all_ in rounds.items()}
    yield Figure(low, "p99, ms", 1, {name: (percentile(all_, 99) * 1000,) for name, all_ in pooled.items()})
    yield figure("Saturated", "turns a second", 1, lambda one: one.turns / one.seconds)
    for process in ("server", "worker", "gateway", "database"):
        measured = {
            name: tuple(per_thousand(one.cpu[process], one.turns) for one in all_ if process in one.cpu)
            for name, all_ in rounds.items()
        }
        title = {"server": "Temporal server", "database": "PostgreSQL"}.get(process, process)
        yield Figure("CPU-seconds per 1,000 turns, saturated", title, 1, {n: v for n, v in measured.items() if v})
    yield figure(
        "CPU-seconds per 1,000 turns, saturated",
        "together",
        1,
        lambda one: per_thousand(sum(one.cpu.values()), one.turns),
    )


def _bursts(rounds: Mapping[str, list[Round]]) -> Iterator[Figure]:
    for messages in sorted({messages for all_ in rounds.values() for one in all_ for messages in one.bursts}):
        found = {
            name: [one.bursts[messages] for one in all_ if messages in one.bursts] for name, all_ in rounds.items()
        }
        contacts = max(one.contacts for all_ in found.values() for one in all_)
        section = f"{contacts} contacts in the same instant, {messages} message{'s' * (messages > 1)} each"

        def figure(
            title: str,
            digits: int,
            value: Callable[[Burst], float],
            section: str = section,
            found: Mapping[str, list[Burst]] = found,
        ) -> Figure:
            return Figure(section, title, digits, {name: tuple(map(value, all_)) for name, all_ in found.items()})

        yield figure("answered, p50, ms", 0, lambda one: percentile(one.times, 50) * 1000)
        yield figure("all answered, ms", 0, lambda one: max(one.times) * 1000)
        yield figure("CPU-seconds per 1,000 turns", 1, lambda one: per_thousand(one.cpu, len(one.times)))


def _warnings(results: Results) -> Iterator[Text]:
    for name, repeats in results.repeats.items():
        if repeats:
            yield Text(f"{name}: the provider got {repeats} messages more than once", style="bold red")
    for name, count in results.posted_again.items():
        if count:
            yield Text(f"{name}: {count} webhooks were answered with a 5xx, and posted again", style="yellow")


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _ratio(found: Ratio | None) -> str:
    if found is None:
        return ""
    if found.low == found.high:
        return f"{found.median:.2f}"
    return f"{found.median:.2f} ({found.low:.2f}-{found.high:.2f})"
