"""`prosa outbox`: messages of which nobody knows whether they were sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.markup import escape

from journal import conversations, outbox
from journal.outbox import PartRow
from prosa import store
from prosa.context import FormatOption, application, examples, loaded, run
from prosa.terminal import Format, moment, out, print_json, table
from runtime.settings import Settings

app = application("See messages whose sending is in doubt.")

START = 60
"""Characters of a text that a table shows."""


@dataclass(frozen=True)
class Doubt:
    """One message in doubt, its conversation's protocol, and when it was said."""

    part: PartRow
    protocol: str
    since: datetime | None

    def as_json(self) -> dict[str, Any]:
        """Return everything as data."""
        since = self.since.isoformat() if self.since else None
        return {**self.part.model_dump(mode="json"), "protocol": self.protocol, "since": since}


@app.callback()
def outboxes() -> None:
    """See messages whose sending is in doubt."""


@app.command(epilog=examples("prosa outbox unknown", "prosa outbox unknown --format json"))
def unknown(format_: FormatOption = Format.TABLE) -> None:
    """List messages that may or may not have reached the contact: a crash or a time-out cut their sending off."""
    doubts = run(_unknown(loaded()))
    if format_ is Format.JSON:
        print_json([one.as_json() for one in doubts])
        return
    if not doubts:
        out().print("[green]✔[/] no message is in doubt")
        return
    listed = table("conversation", "account", "message", "since", "attempts", "why")
    for one in doubts:
        part = one.part
        text = " ".join((part.part.text or (part.part.file.name if part.part.file else "")).split())
        begin = text if len(text) <= START else f"{text[:START]}…"
        name = one.protocol or part.conversation_id[:12]
        listed.add_row(name, part.account, escape(begin), moment(one.since), str(part.attempts), escape(part.reason))
    out().print(listed)


async def _unknown(settings: Settings) -> list[Doubt]:
    async with store.opened(settings) as database, database.read() as c:
        doubts: list[Doubt] = []
        for part in await outbox.unknown(c):
            row = await conversations.get(c, part.conversation_id)
            said = await conversations.events(c, part.conversation_id, part.seq - 1)
            doubts.append(Doubt(part, row.protocol, said[0].at if said else None))
        return doubts
