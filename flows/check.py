"""Find mistakes in a readable flow before it is published."""

from collections.abc import Mapping

from domain.wait_defaults import WaitDefaults
from flows.checks.calls import KnownFlows, check_flows, check_operations, contents
from flows.checks.circles import check_circles
from flows.checks.cuts import check_cuts
from flows.checks.events import check_events
from flows.checks.finding import Finding
from flows.checks.installation import Installation, Operation
from flows.checks.names import check_names
from flows.checks.needs import check_needs
from flows.checks.privacy import check_privacy
from flows.checks.proofs import check_proofs
from flows.checks.types import check_types
from flows.checks.ways import check_ways
from flows.checks.window import check_window
from flows.flow import Flow
from flows.reader import Places, places, read_flow

__all__ = ["Finding", "Installation", "KnownFlows", "Operation", "check", "load_and_check"]


def check(
    flow: Flow,
    installation: Installation | None = None,
    known_flows: KnownFlows | None = None,
    places: Places | None = None,
) -> list[Finding]:
    """Return the findings, in the order of the file.

    What it refers to is looked for in *installation* and *known_flows* when these are given; findings have a line
    when the *places* (`flows.reader.places`) are.
    """
    others = contents(known_flows or ())
    played = flow.under(installation.silence if installation else WaitDefaults())
    found = [
        *check_ways(flow, played),
        *check_window(played, others.values()),
        *check_names(flow),
        *check_privacy(flow),
    ]
    found += [*check_events(flow), *check_circles(flow, others)]
    found += check_types(flow, installation.operations if installation else {}, others)
    if known_flows is not None:
        found += check_flows(flow, known_flows)
    if installation is not None:
        found += [*check_needs(flow, installation), *check_operations(flow, installation.operations)]
        found += check_proofs(flow, installation.operations, others)
    if places is not None:
        found += check_cuts(flow, places.comments)
    lines = places.lines if places else {}
    placed = [finding.model_copy(update={"line": _line(finding, lines)}) for finding in found]
    return sorted(placed, key=lambda finding: (finding.line or 0, finding.code))


def load_and_check(
    text: str, file: str, installation: Installation | None = None, known_flows: KnownFlows | None = None
) -> tuple[Flow, list[Finding]]:
    """Return the flow in *text* and its findings; FlowError when it cannot be read at all."""
    flow = read_flow(text, file)
    return flow, check(flow, installation, known_flows, places(text))


def _line(finding: Finding, lines: Mapping[str, int]) -> int | None:
    """Return the line of the finding's key, or of the nearest key above it."""
    place = f"{finding.card}.{finding.key}" if finding.card else f"@{finding.key}"
    while place and place not in lines:
        place = place.rpartition(".")[0]
    return lines.get(place)
