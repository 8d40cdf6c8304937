"""`prosa retention`: removes old data."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Final

import typer
from pydantic import JsonValue

from journal import audit, references, retention
from journal.database import Database
from journal.files import FileStore
from journal.retention import Cutoffs
from prosa.context import ByOption, FormatOption, application, examples, loaded, run
from prosa.terminal import Format, out, print_json, print_table, table
from runtime.settings import Settings
from runtime.wording import moment
from usecases import store

app = application("Remove what need not be kept any longer.")

FILES: Final = "file"
_WORDS: Final = {
    "inbox": "messages that were read",
    "outbox": "how far messages came",
    "conversation": "ended conversations, with all of theirs",
    "early_report": "reports about messages that we do not know",
    "contact": "contacts who have not written since",
    "lane": "empty lanes",
    "session_link": "links of the web chat that are good no longer",
    "ended_session": "web chat sessions whose tokens have all expired",
    FILES: "files that nothing refers to",
}
_PERIOD_OF: Final = {"conversation": "journal", "contact": "journal", FILES: "files"}


@app.callback()
def retained() -> None:
    """Remove old data."""


@app.command("run", epilog=examples("prosa retention run --dry-run", "prosa retention run --by nightly"))
def run_(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    by: ByOption = "",
    format_: FormatOption = Format.TABLE,
) -> None:
    """Remove data older than `[retention]` of the settings allows; never data of an open conversation."""
    settings = loaded()
    cutoffs = Cutoffs.at(datetime.now(UTC), settings.retention)
    show = format_ is Format.TABLE
    found = run(
        _count(settings, cutoffs) if dry_run else _remove(settings, cutoffs, by or store.current_user(), show=show)
    )
    if not show:
        print_json({"removed": not dry_run, "rows": found})
        return
    listed = table("would remove" if dry_run else "removed", "of", "what", "older than")
    for name, words in _WORDS.items():
        before = getattr(cutoffs, _PERIOD_OF.get(name, name), None)
        listed.add_row(str(found.get(name, 0)), name, words, moment(before))
    print_table(listed)


async def _count(settings: Settings, cutoffs: Cutoffs) -> dict[str, int]:
    async with store.opened(settings) as database:
        return await _due(database, FileStore(settings.data / "files"), cutoffs)


async def _due(database: Database, files: FileStore, cutoffs: Cutoffs) -> dict[str, int]:
    async with database.read() as c:
        counted = await retention.count(c, cutoffs)
    return {**counted, FILES: len((await _unneeded(database, files, cutoffs))[0])}


async def _remove(settings: Settings, cutoffs: Cutoffs, by: str, *, show: bool) -> dict[str, int]:
    """Audit the rows that will go, then remove them; rows found only then are counted in the answer."""
    files = FileStore(settings.data / "files")
    console = out()
    removed: Counter[str] = Counter()
    async with store.opened(settings) as database:
        due = {name: number for name, number in (await _due(database, files, cutoffs)).items() if number}
        if not due:
            return {}
        periods = settings.retention.model_dump()
        async with database.write() as c:
            about: dict[str, JsonValue] = {"due": {**due}, **periods}
            now = datetime.now(UTC)
            await audit.append(c, by=by, action="retention", subject="retention", reason="", now=now, data=about)
        async for name, gone in retention.remove(database, cutoffs):
            removed[name] += gone
            if show:
                console.print(f"[dim]{name} {removed[name]} of {max(due.get(name, 0), removed[name])}[/]")
        unneeded, before = await _unneeded(database, files, cutoffs)
        for file_id in sorted(unneeded):
            removed[FILES] += await asyncio.to_thread(files.discard, file_id, before)
    return dict(removed)


async def _unneeded(database: Database, files: FileStore, cutoffs: Cutoffs) -> tuple[set[str], datetime]:
    """Return the files that no row names, put before a moment, and that moment.

    What an open conversation has in a variable may stand in no row: nothing that is younger than one is looked at.
    """
    async with database.read() as c:
        opened = await retention.oldest_open(c)
        before = cutoffs.files if opened is None else min(cutoffs.files, opened)
        aged = await asyncio.to_thread(lambda: set(files.aged(before)))
        return await references.unreferred(c, aged), before
