"""Checking flow files: every finding, as data."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from channels.base import channels
from domain.errors import AuthorError, FlowError, SettingsError, UnknownNameError
from erps.base import erps
from flows.check import Finding, Installation, Operation
from flows.check import check as check_flow
from flows.checks.entries import check_entries
from flows.checks.names import check_reminders
from flows.checks.needs import check_lists, check_named
from flows.flow import FLOW, Flow
from flows.reader import places
from runtime.sections import Connection
from runtime.settings import FILE, Settings
from usecases import campaigns, flow_files
from usecases.flow_files import FlowFile


@dataclass(frozen=True)
class Checked:
    """One file: the flow in it, if it can be read, and the findings."""

    path: Path
    file: FlowFile | None
    findings: tuple[Finding, ...] = ()
    unreadable: str = ""
    """Why it cannot be read, one mistake a line."""

    @property
    def errors(self) -> int:
        """How many findings keep it from being published."""
        return sum(one.severity == "error" for one in self.findings) + len(self.unreadable.splitlines())

    def as_json(self) -> dict[str, Any]:
        """Return everything as data."""
        return {
            "file": str(self.path),
            "flow": self.file.flow.flow if self.file else None,
            "unreadable": self.unreadable.splitlines(),
            "findings": [one.model_dump(mode="json") for one in self.findings],
        }


def check(settings: Settings, paths: Iterable[Path]) -> list[Checked]:
    """Check the flows of *paths* against each other, those of the folder, and the settings, if anything is set up."""
    offered = installation(settings)
    read: dict[Path, FlowFile | str] = {}
    for path in paths:
        try:
            read[path] = flow_files.read(path)
        except FlowError as error:
            read[path] = str(error)
    known: dict[str, Flow] = flow_files.readable(settings)
    known |= {file.flow.flow: file.flow for file in read.values() if isinstance(file, FlowFile)}
    return [
        Checked(path, None, unreadable=file)
        if isinstance(file, str)
        else Checked(path, file, tuple(check_flow(file.flow, offered, known, places(file.text))))
        for path, file in read.items()
    ]


def check_settings(settings: Settings) -> list[Checked]:
    """Check the references of the settings to flows in the folder; return no findings when all exist and fit."""
    files = [path.stem for path in flow_files.directory(settings).glob("*.yaml")]
    known = flow_files.readable(settings)
    found = (
        *check_named(named_flows(settings), {*files, *known}),
        *check_ways_in(settings, known),
        *check_lists(wrong_lists(settings, known)),
        *check_reminders(settings.silence),
    )
    return [Checked(Path(FILE), None, found)] if found else []


def named_flows(settings: Settings) -> dict[str, str]:
    """Return the flows that the settings name, by key."""
    named = entry_flows(settings)
    targets = settings.keyword_defaults.targets
    if settings.flows.fallback:
        named["flows.fallback"] = settings.flows.fallback.removeprefix(FLOW)
    return named | {f"keywords.{word}": target.removeprefix(FLOW) for word, target in targets.items()}


def entry_flows(settings: Settings) -> dict[str, str]:
    """Return the flows that begin conversations, by key of the settings."""
    named: dict[str, str] = {}
    for name, account in settings.accounts.items():
        named[f"accounts.{name}.flow"] = account.flow
        named |= {f"accounts.{name}.entries.{n}.flow": entry.flow for n, entry in enumerate(account.entries, 1)}
    return named | {f"schedules.{name}.flow": one.flow for name, one in settings.known_schedules.items()}


def check_ways_in(settings: Settings, flows: Mapping[str, Flow]) -> Iterator[Finding]:
    """Yield the mistakes in the accounts' entry points, which lead to *flows*."""
    for name, account in settings.accounts.items():
        yield from check_entries(name, account.ways_in, flows)


def wrong_lists(settings: Settings, flows: Mapping[str, Flow]) -> dict[str, str]:
    """Return the lists, by key, of schedules of *flows* that cannot be read from here or are not right, and why."""
    wrong: dict[str, str] = {}
    zone = ZoneInfo(settings.company.zone)
    now = datetime.now(zone)
    for name, section in settings.known_schedules.items():
        if section.flow not in flows or (section.at and _local(section.at, zone) < now):
            continue
        try:
            campaigns.scheduled(settings, name, section, flows[section.flow].variables)
        except AuthorError as error:
            wrong[f"schedules.{name}.contacts"] = str(error)
    return wrong


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=zone)


def installation(settings: Settings) -> Installation | None:
    """Return the settings that flows may refer to; None when nothing is set up, so that a flow alone can be checked."""
    tables: dict[str, Any] = {name: value for name, value in settings if isinstance(value, dict)}
    if not any(tables.values()):
        return None
    return Installation(
        tables={**tables, "calendars": settings.known_calendars, "queues": settings.known_queues},
        operations={name: _operations(name, connection) for name, connection in settings.connections.items()},
        templates={name: template.parameters for name, template in settings.known_templates.items()},
        channels=tuple(channels),
        silence=settings.silence,
        hosts={host.host: host.private for host in settings.hosts.values()},
    )


def _operations(name: str, connection: Connection) -> dict[str, Operation]:
    try:
        kind = erps[connection.erp]
    except UnknownNameError as error:
        raise SettingsError(f"prosa.toml: connections.{name}.erp: {error}") from error
    return {
        one.name: Operation(
            one.request.model_json_schema(),
            TypeAdapter(one.answer).json_schema(mode="serialization"),
            proof=one.proof and connection.proof,
        )
        for one in kind.operations().values()
    }
