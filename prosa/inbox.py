"""`prosa inbox`: messages of contacts that no conversation will ever read."""

from typing import Any, Final

from rich.markup import escape

from journal import inbox
from journal.inbox import Dead
from prosa.context import FormatOption, application, examples, loaded, run
from prosa.terminal import Format, cut, out, print_json
from runtime.settings import Settings
from runtime.wording import moment
from usecases import store
from usecases.masking import masked, masked_data

app = application("See messages that were given up.")

START: Final = 200
"""Characters of a text that a terminal shows."""


@app.callback()
def inboxes() -> None:
    """See messages that were given up."""


@app.command(epilog=examples("prosa inbox dead", "prosa inbox dead --format json"))
def dead(format_: FormatOption = Format.TABLE) -> None:
    """List messages of contacts that Temporal will never take: answer these contacts by hand."""
    found = run(_dead(loaded()))
    if format_ is Format.JSON:
        shown: list[dict[str, Any]] = masked_data([one.model_dump(mode="json") for one in found])
        print_json(shown)
        return
    if not found:
        out().print("[green]✔[/] no message was given up")
    for one in found:
        who = f"{masked(one.name)} {one.address}".strip()
        out().print(f"[bold]{escape(who)}[/]  [dim]{moment(one.received_at)}  {one.account}[/]")
        out().print(f"  {escape(cut(masked(one.payload.text), START))}")
        out().print(f"  [dim]{escape(masked(one.last_error))}[/]")


async def _dead(settings: Settings) -> list[Dead]:
    async with store.opened(settings) as database, database.read() as c:
        return await inbox.dead(c)
