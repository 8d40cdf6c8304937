"""Publishing: called flows first, each pinned to the versions of those that it calls."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.errors import FlowError
from flows.flow import Flow
from journal import flows
from journal.transaction import Transaction


@dataclass(frozen=True)
class Pinned:
    """A flow, ready to be published: its content hash, and those of the flows it calls."""

    flow: Flow
    version: str
    calls: Mapping[str, str]


@dataclass(frozen=True)
class Publication:
    """The result of publishing one flow."""

    name: str
    number: int
    version: str
    new: bool
    """Whether this content had never been published."""
    changed: bool
    """Whether another version, or none, was current before."""


async def pin(c: Transaction, chosen: Mapping[str, Flow], known: Mapping[str, Flow]) -> list[Pinned]:
    """Return the *chosen* flows with hashes, called ones first.

    A called flow that is not chosen is pinned to the version now published; one never published is taken from
    *known*. Flows that call each other in a circle cannot hold each other's hash: there the current version is
    played. FlowError for a called flow that is nowhere.
    """
    together = dict(chosen)
    published: dict[str, str] = {}
    graph: dict[str, tuple[str, ...]] = {}
    waiting = [(name, "") for name in chosen]
    while waiting:
        name, caller = waiting.pop()
        if name in graph:
            continue
        current = None if name in together else await flows.current(c, name)
        if current is not None:
            published[name] = current.version
            graph[name] = Flow.load(current.content).called()
        elif name in together or name in known:
            together[name] = together.get(name) or known[name]
            graph[name] = together[name].called()
        else:
            raise FlowError(f"flow {caller!r} calls {name!r}, which is neither published nor among the files")
        waiting += [(called, name) for called in graph[name]]
    done: dict[str, Pinned] = {}
    for name in _called_first(graph):
        if name in together:
            calls = {
                called: done[called].version if called in together else published[called]
                for called in graph[name]
                if not _reaches(graph, called, name)
            }
            done[name] = Pinned(together[name], together[name].fingerprint(calls), calls)
    return list(done.values())


async def publish(c: Transaction, pinned: Iterable[Pinned], *, by: str) -> list[Publication]:
    """Publish all of *pinned*, in their order, in the caller's transaction."""
    made: list[Publication] = []
    for one in pinned:
        name = one.flow.flow
        before = await flows.current(c, name)
        published = await flows.publish(
            c,
            name=name,
            version=one.version,
            content=one.flow.dump(),
            calls=one.calls,
            by=by,
            now=datetime.now(UTC),
        )
        changed = before is None or before.version != one.version
        made.append(Publication(name, published.number, one.version, published.new, changed))
    return made


async def behind(c: Transaction, made: Iterable[Publication]) -> list[tuple[str, str, int]]:
    """Return (caller, called, number) for each current flow that goes on calling an older version of one of *made*."""
    versions = {one.name: one.version for one in made}
    found: list[tuple[str, str, int]] = []
    for row in await flows.versions(c):
        if not row.current or row.name in versions:
            continue
        calls = (await flows.get(c, row.version)).calls
        for name, version in sorted(calls.items()):
            if name in versions and versions[name] != version:
                found.append((row.name, name, (await flows.get(c, version)).number))
    return found


def _called_first(graph: Mapping[str, Iterable[str]]) -> list[str]:
    ordered: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name not in seen:
            seen.add(name)
            for called in graph[name]:
                visit(called)
            ordered.append(name)

    for name in sorted(graph):
        visit(name)
    return ordered


def _reaches(graph: Mapping[str, Iterable[str]], start: str, goal: str) -> bool:
    """Say whether calls lead from *start* to *goal*."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            waiting += graph[name]
    return False
