"""Coverage as one HTML page that stands alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.errors import OperatorError
from flows.flow import Flow
from stories.coverage import KINDS, Coverage, Item
from stories.outcome import Outcome

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def write(path: Path, flows: Sequence[Flow], outcomes: Sequence[Outcome], covered: Coverage) -> None:
    """Write the page; OperatorError when *path* cannot be written."""
    try:
        path.write_text(page(flows, outcomes, covered), encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"cannot write to {str(path)!r}: {(error.strerror or '').lower()}") from error


def page(flows: Sequence[Flow], outcomes: Sequence[Outcome], covered: Coverage) -> str:
    """Return the page: each flow's cards with their reached and missed items, and every story."""
    template = _TEMPLATES.get_template("coverage_page.html")
    return template.render(kinds=KINDS, flows=[_flow(flow, covered) for flow in flows], outcomes=outcomes)


def _flow(flow: Flow, covered: Coverage) -> dict[str, Any]:
    part = covered.of(flow.flow)
    by_card: dict[str, list[Item]] = {card.id: [] for card in flow.cards}
    for item in part.items:
        if item.kind not in {"cards", "timeouts"}:
            by_card[item.card].append(item)
    missed = set(part.missed)
    return {
        "name": flow.flow,
        "title": flow.title,
        "shares": {kind: _share(covered.of(flow.flow, kind)) for kind in KINDS},
        "cards": [
            {
                "id": card.id,
                "title": card.title,
                "kind": card.card,
                "reached": Item(flow.flow, "cards", card.id) not in missed,
                "items": [
                    {"kind": item.kind, "name": item.name, "reached": item not in missed} for item in by_card[card.id]
                ],
            }
            for card in flow.cards
        ],
    }


def _share(part: Coverage) -> dict[str, int]:
    return {"all": len(part.items), "reached": len(part.reached)}
