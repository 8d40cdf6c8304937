"""`prosa schedule`: when conversations are opened by themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.markup import escape
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError
from temporalio.service import RPCError, RPCStatusCode

from domain.campaign import Tally
from prosa.context import FormatOption, application, examples, located, run
from prosa.terminal import Format, out, print_json, table
from runtime.settings import Settings
from runtime.temporal_names import SCHEDULES
from runtime.wording import moment
from usecases.temporal_client import reached

app = application("Look at the schedules by which conversations are opened.")

UNKNOWN: Final = "not known to Temporal: it is made when a worker starts"


@app.callback()
def schedules() -> None:
    """Look at the schedules by which conversations are opened."""


@dataclass(frozen=True)
class Seen:
    """A schedule, its next run, and the result of its last one."""

    name: str
    time: str
    flow: str
    next: datetime | None = None
    last: datetime | None = None
    outcome: str = ""


@app.command("list", epilog=examples("prosa schedule list", "prosa schedule list --format json"))
def list_(*, format_: FormatOption = Format.TABLE) -> None:
    """List the schedules of the settings, by the company's clock: the next run, and the result of the last one."""
    settings = located()
    found = run(look(settings))
    if format_ is Format.JSON:
        print_json([vars(one) for one in found])
        return
    zone = ZoneInfo(settings.company.zone)
    listed = table("schedule", "time", "flow", f"next ({zone.key})", f"last ({zone.key})", "what became of it")
    for one in found:
        following, last = moment(one.next, zone), moment(one.last, zone)
        listed.add_row(one.name, one.time, one.flow, following, last, escape(one.outcome))
    out().print(listed if found else "prosa.toml has no [schedules.NAME]")


async def look(settings: Settings) -> list[Seen]:
    """Return the schedules of *settings* as Temporal knows them; OperatorError when it does not answer."""
    found: list[Seen] = []
    if not settings.schedules:
        return found
    async with reached(settings) as client:
        for name, section in settings.known_schedules.items():
            seen = {"name": name, "time": section.cron or str(section.at), "flow": section.flow}
            found.append(Seen(**seen, **await _ask(client, name)))
    return found


async def _ask(client: Client, name: str) -> dict[str, Any]:
    try:
        info = (await client.get_schedule_handle(f"{SCHEDULES}{name}").describe()).info
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return {"outcome": UNKNOWN}
    following = info.next_action_times[0] if info.next_action_times else None
    if not info.recent_actions:
        return {"next": following, "outcome": "has not run yet"}
    last = info.recent_actions[-1]
    return {"next": following, "last": last.started_at, "outcome": await _outcome(client, last.action)}


async def _outcome(client: Client, action: Any) -> str:
    handle = client.get_workflow_handle(action.workflow_id, run_id=action.first_execution_run_id, result_type=Tally)
    try:
        if (await handle.describe()).status == WorkflowExecutionStatus.RUNNING:
            return "at work"
        tally = await handle.result()
    except WorkflowFailureError as error:
        return f"failed: {error.cause.__cause__ or error.cause}"
    except RPCError as error:
        return error.message
    return f"{tally.opened} opened, {tally.already_open} already open" + (
        f", {tally.refused} refused" if tally.refused else ""
    )
