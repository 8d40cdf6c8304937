"""`make record`: play the scenarios and keep their histories under `tests/histories/`.

Existing histories are not replaced unless asked to: from the first release on they are what conversations in flight
look like.
"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any, Final, cast

from rich.console import Console
from rich.progress import track

from tests.scenarios import SCENARIOS, demo_erp, flows
from tests.workflows.line import Line, line

CLEAN: Final = {"identity": "worker", "stackTrace": "cut"}
"""What stands in a recorded history instead of names and paths of a machine."""
HISTORIES: Final = Path(__file__).parent / "histories"
KEPT: Final = "delivery_timed_out."
"""Of a fault run with a slow database: no scenario can make a delivery time out in its local activity."""


def main() -> None:
    """Record what is missing, what is named, or everything anew."""
    parser = argparse.ArgumentParser(
        prog="make record ARGS=", description=__doc__, epilog="ARGS='two_invoices silence'"
    )
    parser.add_argument("--all", action="store_true", help="record all histories anew: only before the first release")
    parser.add_argument("names", nargs="*", help=f"scenarios to record anew: {', '.join(SCENARIOS)}")
    arguments = parser.parse_args()
    if arguments.all:
        for old in HISTORIES.glob("*.json"):
            if not old.name.startswith(KEPT):
                old.unlink()
    missing = [name for name in SCENARIOS if not list(HISTORIES.glob(f"{name}.*.json"))]
    names = missing if arguments.all else arguments.names or missing
    if unknown := [name for name in names if name not in SCENARIOS]:
        parser.error(f"no scenario {', '.join(unknown)}; there are {', '.join(SCENARIOS)}")
    if not names:
        Console().print(f"nothing to record: {HISTORIES.name}/ has every scenario; name those to record anew")
    HISTORIES.mkdir(exist_ok=True)
    for name in track(names, "recording"):
        asyncio.run(_record(name))


async def _record(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        async with demo_erp(path) as erp, line(path, flows(), erp=erp) as opened:
            await SCENARIOS[name](opened, erp)
            for old in HISTORIES.glob(f"{name}.*.json"):
                old.unlink()
            for number, history in enumerate(await _histories(opened), 1):
                (HISTORIES / f"{name}.{number}.json").write_text(_clean(history), encoding="utf-8")


async def _histories(opened: Line) -> list[str]:
    """Return the history of every run of the contact's workflow, the oldest first."""
    found: list[str] = []
    run_id: str | None = opened.first_run
    while run_id:
        history = await opened.client.get_workflow_handle(opened.workflow_id, run_id=run_id).fetch_history()
        found.append(history.to_json())
        last = history.events[-1]
        run_id = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id or None
    return found


def _clean(history: str) -> str:
    """Return *history* without the name of the machine that recorded it, and without its paths."""

    def scrub(value: Any) -> Any:
        if isinstance(value, dict):
            items = cast("dict[str, Any]", value).items()
            return {key: CLEAN.get(key) or scrub(inner) for key, inner in items}
        return [scrub(inner) for inner in cast("list[Any]", value)] if isinstance(value, list) else value

    return json.dumps(scrub(json.loads(history)), ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    main()
