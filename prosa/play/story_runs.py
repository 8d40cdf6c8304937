"""Run stories and play flows from the command line, with progress and a report."""

import sys
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from time import monotonic

from prompt_toolkit.patch_stdout import patch_stdout
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from channels.webchat import Webchat
from domain.conversation import Contact, Setup
from domain.errors import FlowError
from domain.suggestion import nearest_or_all
from flows.flow import Flow
from flows.reader import places
from prosa.chat.screen import Bubbles, Lines
from prosa.play import report as reports
from prosa.play.local_port import LocalPort
from prosa.play.outlines import outlines
from prosa.play.person import Person
from prosa.terminal import Terminal, out, print_json
from runtime.calendars import Calendars
from runtime.settings import Settings
from stories import coverage_page, parallel
from stories import files as story_files
from stories.coverage import Item, coverage
from stories.outcome import Outcome
from stories.reader import StoryFile
from usecases import flow_files
from usecases.flow_files import FlowFile


def run_stories(
    settings: Settings,
    given: Iterable[str],
    processes: int | None,
    report: Path | None,
    *,
    as_json: bool,
    everything: bool = False,
) -> list[Outcome]:
    """Play the stories *given*, say how they went, and return their outcomes; name all gaps if *everything* is."""
    paths = list(given)
    stories = story_files.stories(settings, paths)
    files = flow_files.readable_files(settings)
    flows = {name: file.flow for name, file in files.items()}
    _require(stories, flows)
    began = monotonic()
    with _progress(len(stories)) as progress:
        outcomes = parallel.play(
            flows, stories, processes, lambda _: progress.advance(progress.task_ids[0]), Calendars(settings)
        )
    chosen = _chosen(flows, outcomes) if paths else list(flows.values())
    covered = coverage(chosen, outcomes)
    if report is not None:
        coverage_page.write(report, chosen, outcomes, covered)
    if as_json:
        print_json(reports.as_json(outcomes, covered))
    else:
        console = out()
        reports.show(console, outcomes, covered, monotonic() - began, _where(files), everything=everything)
        if report is not None:
            console.print(f"[dim]coverage is in[/] {escape(str(report))}")
    return outcomes


async def play(settings: Settings, file: str, story: str | None, name: str) -> None:
    """Let a person talk to the flow *file*, with the given answers of *story*, until they leave."""
    (path, *more) = flow_files.paths(settings, [file])
    if more:
        raise FlowError(f"{file!r}: expected one flow, found {len(more) + 1}")
    flow = flow_files.read(path).flow
    flows = {**flow_files.readable(settings), flow.flow: flow}
    given = story_files.stories(settings, [story])[0].story.given if story else {}
    setup = Setup(
        account="play",
        channel="webchat",
        flow=flow.flow,
        contact=Contact(address="played", name=name),
        company=settings.company_facts,
        capabilities=Webchat.capabilities,
        silence=settings.silence,
        fallback=settings.flows.fallback,
    )
    with patch_stdout(raw=True) if sys.stdin.isatty() else nullcontext():
        screen = Bubbles() if sys.stdin.isatty() else Lines()
        await LocalPort(flows, Person(screen, given, outlines(settings)), setup, settings).play()


def _require(stories: Iterable[StoryFile], flows: dict[str, Flow]) -> None:
    for story_file in stories:
        if story_file.story.flow not in flows:
            raise FlowError(
                f"{story_file.file}:{story_file.line}: there is no flow {story_file.story.flow!r} that can be read"
                f"{nearest_or_all(story_file.story.flow, flows)}"
            )


def _chosen(flows: dict[str, Flow], outcomes: Iterable[Outcome]) -> list[Flow]:
    """Return the flows that were played."""
    played = {event.flow for outcome in outcomes for event in outcome.events}
    return [flow for name, flow in flows.items() if name in played]


def _progress(count: int) -> Progress:
    """Return a bar on the terminal; into a pipe, none."""
    columns = (TextColumn("playing stories"), BarColumn(), MofNCompleteColumn())
    console = Terminal(stderr=True)
    progress = Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty())
    progress.add_task("stories", total=count)
    return progress


def _where(files: Mapping[str, FlowFile]) -> reports.Where:
    @cache
    def lines(name: str) -> Mapping[str, int]:
        return places(files[name].text).lines

    def where(item: Item) -> str:
        known = lines(item.flow)
        return f"{files[item.flow].path}:{known.get(f'{item.card}.{item.key}', known[item.card])}"

    return where
