"""`prosa outbox`: messages of which nobody knows whether they were sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from journal import conversations, outbox
from journal.outbox import PartRow
from prosa.context import ByOption, FormatOption, ReasonOption, application, examples, loaded, located, run
from prosa.terminal import Format, cut, out, print_json
from runtime.settings import Settings
from runtime.wording import moment
from usecases import redelivery, store
from usecases.masking import masked, masked_data

app = application("See messages whose sending is in doubt, and decide what becomes of them.")
Key = Annotated[str, typer.Argument(metavar="MESSAGE", help="As `prosa outbox unknown` names it: PROTOCOL:NUMBER.")]

START = 60
"""Characters of a text that a terminal shows."""


@dataclass(frozen=True)
class Doubt:
    """One message in doubt, its conversation's protocol, and when it was said."""

    part: PartRow
    protocol: str
    since: datetime | None

    @property
    def key(self) -> str:
        """How the commands that decide name it."""
        return f"{self.protocol or self.part.conversation_id}:{self.part.seq}"

    def as_json(self) -> dict[str, Any]:
        """Return everything as data."""
        since = self.since.isoformat() if self.since else None
        return {**self.part.model_dump(mode="json"), "protocol": self.protocol, "since": since, "message": self.key}


@app.command(epilog=examples("prosa outbox unknown", "prosa outbox unknown --format json"))
def unknown(format_: FormatOption = Format.TABLE) -> None:
    """List messages that may or may not have reached the contact: a crash or a time-out cut their sending off."""
    doubts = run(_unknown(loaded()))
    if format_ is Format.JSON:
        print_json(masked_data([one.as_json() for one in doubts]))
        return
    if not doubts:
        out().print("[green]✔[/] no message is in doubt")
        return
    console = out()
    for one in doubts:
        part = one.part
        console.print(f"[bold]{one.key}[/]  [dim]{moment(one.since)}  {part.account}[/]")
        console.print(f"  {escape(cut(masked(part.part.words), START))}")
        console.print(f"  [dim]{escape(masked(part.reason))}; attempts: {part.attempts}[/]")
    console.print()
    console.print(
        "Look at the contact's side, or ask; then `prosa outbox resend MESSAGE` sends it (it may arrive twice),\n"
        "`prosa outbox give-up MESSAGE` leaves it."
    )


@app.command(epilog=examples("prosa outbox resend 20261121-000001:7 --reason 'she did not get it'"))
def resend(message: Key, reason: ReasonOption = "", by: ByOption = "") -> None:
    """Send a message in doubt once more; it is marked as one that may have arrived twice."""
    out().print(f"[green]✔[/] {run(redelivery.resend(located(), message, reason, by))}")


@app.command("give-up", epilog=examples("prosa outbox give-up 20261121-000001:7 --reason 'too late by now'"))
def give_up(message: Key, reason: ReasonOption = "", by: ByOption = "") -> None:
    """Leave a message in doubt unsent; it counts as not delivered."""
    out().print(f"[green]✔[/] {run(redelivery.give_up(loaded(), message, reason, by))}")


async def _unknown(settings: Settings) -> list[Doubt]:
    async with store.opened(settings) as database, database.read() as c:
        doubts: list[Doubt] = []
        for part in await outbox.unknown(c):
            row = await conversations.get(c, part.conversation_id)
            said = await conversations.events(c, part.conversation_id, part.seq - 1)
            doubts.append(Doubt(part, row.protocol, said[0].at if said else None))
        return doubts
