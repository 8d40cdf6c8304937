"""Conversations as tables: all sorts of them, and those that wait in a queue."""

from datetime import UTC, datetime
from typing import Final

from rich.markup import escape
from rich.table import Table

from journal.conversations import ConversationRow
from prosa.terminal import cut, table
from runtime.wording import recent, seconds
from usecases.masking import masked

PROTOCOL: Final = 15
"""Characters of a protocol number."""
CONTACT: Final = 16
"""Characters of an address that a list shows."""
WIDE: Final = 100
"""Columns from which on a list shows everything."""
STAGES: Final = {"bot": "green", "queue": "yellow", "agent": "cyan", "survey": "magenta", "ended": "dim"}
_WHOLE: Final = {"protocol": PROTOCOL, "opened": 10, "last": 10, "stage": 6, "priority": 8}
"""Columns of what is never cut."""
_FACTS: Final = 62
"""Columns that are taken in a queue by all but words."""
_WORDS: Final = 12
"""Columns that words have at least."""


def listed(rows: list[ConversationRow], width: int) -> Table:
    """Return the columns that fit into *width*: at 80 the most important, else also account, tags and note."""
    wide = width >= WIDE
    found = _table("protocol", "opened", "last", "stage", "where", "contact")
    for column in ("account", "tags", "note") if wide else ():
        found.add_column(column, overflow="ellipsis", no_wrap=True)
    for row in rows:
        hurry = "" if row.priority == "normal" and row.stage != "queue" else f" [bold]{row.priority}[/]"
        stage = f"[{STAGES[row.stage]}]{row.stage}[/]{hurry}"
        more = (row.account, escape(masked(", ".join(row.tags))), escape(masked(row.note))) if wide else ()
        opened, last = recent(row.opened_at), recent(row.last_at)
        found.add_row(row.protocol, opened, last, stage, _where(row), _who(row), *more)
    return found


def queued(rows: list[ConversationRow], width: int) -> Table:
    """Return the waiting contacts with their last messages, cut to *width*; in a wide terminal also the note."""
    wide = width >= WIDE
    room = max(_WORDS, (width - _FACTS) // (2 if wide else 1))
    found = _table("protocol", "priority", "where", "contact", "said", *(("note",) if wide else ()))
    for row in rows:
        words = [_cut(row.said, room), *((_cut(row.note, room),) if wide else ())]
        found.add_row(row.protocol, f"[bold]{row.priority}[/]", _where(row), _who(row), *words)
    return found


def _table(*columns: str) -> Table:
    made = table(*columns, whole=False)
    for column in made.columns:
        column.min_width = _WHOLE.get(str(column.header))
    return made


def _where(row: ConversationRow) -> str:
    if row.stage == "ended":
        return f"[dim]{escape(row.resolution or '')}[/]"
    if row.agent and row.agent_since:
        return f"{escape(row.agent)}, since {recent(row.agent_since)}"
    if row.queue and row.queued_at:
        return f"{row.queue}, for {seconds((datetime.now(UTC) - row.queued_at).total_seconds())}"
    return f"{row.flow} {row.flow_number or ''}".strip() + (f" › {row.card}" if row.card else "")


def _who(row: ConversationRow) -> str:
    return escape(masked(row.name)) or f"[dim]{escape(cut(row.address, CONTACT))}[/]"


def _cut(text: str, room: int) -> str:
    return escape(cut(masked(text), room))
