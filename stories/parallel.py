"""Many stories: one after the other in this process, or shared out among several, each with a server of its own."""

import asyncio
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from multiprocessing.context import SpawnProcess
from queue import Empty
from typing import Any, Final

from temporalio.service import RPCError

from domain.errors import OperatorError, ProsaError
from flows.flow import Flow
from runtime.calendars import Calendars
from stories.outcome import Outcome
from stories.reader import StoryFile
from stories.runner import run_story
from stories.server import story_server

GLANCE: Final = 0.5
"""Seconds after which processes that say nothing are looked at."""
LEAVES: Final = 10.0
"""Seconds that a process is given to stop its server."""

SERVERS: Final = 3
"""Servers that may fail in one process before it gives up."""
WORTH_IT: Final = 15
"""Stories for which another process is started: to start costs as much as to play so many."""

Report = Callable[[Outcome], None]


def play(
    flows: Mapping[str, Flow],
    stories: Sequence[StoryFile],
    processes: int | None,
    report: Report,
    calendars: Calendars | None = None,
) -> list[Outcome]:
    """Play *stories* in up to *processes* processes, and return their outcomes, in order; *report* each as it comes.

    In stories that begin at a moment, *calendars* say when the company is open. MissingProgramError when there is no
    server to play on; OperatorError when a process dies.
    """
    quickest = min(os.cpu_count() or 1, len(stories) // WORTH_IT)
    count = max(1, min(processes or quickest, len(stories)))
    if count == 1:
        return asyncio.run(_play(flows, stories, report, calendars))
    context = multiprocessing.get_context("spawn")
    results: Any = context.Queue()
    shares = [stories[first::count] for first in range(count)]
    children = [
        context.Process(target=_share, args=(flows, share, results, calendars), daemon=True) for share in shares
    ]
    for child in children:
        child.start()
    found: list[Outcome] = []
    try:
        while len(found) < len(stories):
            found.append(_next(results, children))
            report(found[-1])
    finally:
        for child in children:
            child.join(LEAVES)
    places = {(story.file, story.line): place for place, story in enumerate(stories)}
    return sorted(found, key=lambda outcome: places[outcome.file, outcome.begins])


async def _play(
    flows: Mapping[str, Flow], stories: Iterable[StoryFile], report: Report, calendars: Calendars | None
) -> list[Outcome]:
    """Play *stories*; one during which the server hangs or dies, as it may on a busy machine, is played on another."""
    found: list[Outcome] = []
    left = deque(stories)
    servers = 0
    while left:
        servers += 1
        try:
            async with story_server(flows, calendars) as opened:
                while left:
                    found.append(await run_story(opened, left[0]))
                    report(found[-1])
                    left.popleft()
        except RPCError as error:
            if servers > SERVERS:
                raise OperatorError(f"the server that plays stories failed {servers} times: {error.message}") from error
    return found


def _share(flows: Mapping[str, Flow], stories: Sequence[StoryFile], results: Any, calendars: Calendars | None) -> None:
    """Play one process's share; an error of ours travels in the place of an outcome."""
    try:
        asyncio.run(_play(flows, stories, results.put, calendars))
    except ProsaError as error:
        results.put(error)
    except KeyboardInterrupt:
        return


def _next(results: Any, children: Iterable[SpawnProcess]) -> Outcome:
    while True:
        try:
            found: Outcome | ProsaError = results.get(timeout=GLANCE)
        except Empty:
            if any(child.exitcode for child in children):
                raise OperatorError("a process that plays stories has died; `--processes 1` says why") from None
            continue
        if isinstance(found, ProsaError):
            raise found
        return found
