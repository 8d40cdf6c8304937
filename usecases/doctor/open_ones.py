"""Conversations, as Temporal sees them: stuck ones, lost ones, and their failing steps."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from temporalio.client import Client

from journal.conversations import ConversationRow
from runtime.wording import moment
from usecases.doctor.failures import Failing, names
from usecases.doctor.finding import Finding, count, fine, notice, trouble
from usecases.pending_work import OTHER_CODE, PendingWork, pending_work
from usecases.waking import knows

MOST: Final = 500
"""Open conversations that Temporal is asked about: the newest, and as many of the oldest."""
AT_ONCE: Final = 20
YOUNG: Final = timedelta(seconds=15)
"""A conversation that has just moved may have moved on since we read it."""
ASKED: Final = 40
"""Number of conversations whose workflows are queried: those that moved last, whose turns Temporal loses first."""
OLD: Final = timedelta(days=7)
UNHEARD: Final = timedelta(minutes=1)
"""How long a message may wait for its workflow to read it."""
WAITS: Final = timedelta(hours=1)
"""How long nobody should wait for people."""


class Seen(NamedTuple):
    """One open conversation, and the pending work of its workflow; None without a workflow."""

    row: ConversationRow
    work: PendingWork | None
    knows: int | None = None
    """The last event that the workflow knows of; None when it was not asked, or does not say."""


async def see(client: Client, rows: Sequence[ConversationRow]) -> list[Seen]:
    """Ask Temporal for the pending work of each."""
    slots = asyncio.Semaphore(AT_ONCE)
    settled = [row for row in rows if datetime.now(UTC) - row.last_at > YOUNG]
    asked = sorted(settled, key=lambda row: row.last_at)[-ASKED:]

    async def one(row: ConversationRow) -> Seen:
        async with slots:
            work = await pending_work(client, row.workflow_id)
            idle = work is not None and not work.attempt and row in asked
            return Seen(row, work, await knows(client, row) if idle else None)

    return await asyncio.gather(*(one(row) for row in rows))


def look(seen: Sequence[Seen]) -> list[Finding]:
    """Return the findings about open conversations that cannot go on."""
    now = datetime.now(UTC)
    lost = [one.row for one in seen if one.work is None and now - one.row.last_at > YOUNG]
    untaken = [one.row for one in seen if one.work is not None and one.work.untaken]
    old = [one.row for one in seen if one.work is not None and now - one.row.last_at > OLD]
    found = [*_stuck(seen), *_lost(lost), *_behind(seen), *_waiting([one.row for one in seen], now)]
    if untaken:
        found.append(
            trouble(
                "conversations",
                f"{count(len(untaken), 'conversation')} waiting for a worker: {names(untaken)}",
                "these contacts have written and get no answer",
                "see what is said of worker: conversations go on by themselves as soon as one is there",
            )
        )
    if old:
        found.append(
            notice(
                "conversations",
                f"{count(len(old), 'conversation')} without any event for a week: {names(old)}",
                "they wait for something that may never come",
                f"see for what: `prosa conversation show {old[0].protocol}`",
                "`prosa conversation skip PROTOCOL` has one go on without it",
            )
        )
    return found or [fine("conversations", f"{count(len(seen), 'open conversation')}, none of them stuck")]


def look_at_ended(seen: Sequence[Seen]) -> list[Finding]:
    """Return the findings about ended conversations whose workflow cannot go on, with messages that nobody has read."""
    found: list[Finding] = []
    for problem, rows in _stuck_by_problem(seen).items():
        first = rows[0].protocol
        found.append(
            trouble(
                "conversations",
                f"{count(len(rows), 'conversation')} stuck after the end ({names(rows)}): {problem}",
                "what these contacts have said since is not heard; nothing is lost",
                f"`prosa conversation terminate {first} --reason stuck` frees one: what is unread is told to a new"
                " conversation",
                "this is a mistake in Prosa: report it",
            )
        )
    return found


def failing(seen: Sequence[Seen]) -> list[Failing]:
    """Return the calls that open conversations are retrying."""
    return [
        Failing(one.row, trying) for one in seen if one.work is not None for trying in one.work.trying if trying.error
    ]


def _stuck_by_problem(seen: Sequence[Seen]) -> dict[str, list[ConversationRow]]:
    found: defaultdict[str, list[ConversationRow]] = defaultdict(list)
    for one in seen:
        if one.work is not None and one.work.stuck:
            found[one.work.problem].append(one.row)
    return found


def _stuck(seen: Sequence[Seen]) -> list[Finding]:
    found: list[Finding] = []
    for problem, rows in _stuck_by_problem(seen).items():
        first = rows[0].protocol
        show = f"see where it stood: `prosa conversation show {first}`"
        end = f"only if no version can play it: `prosa conversation terminate {first} --reason ...`, and answer by hand"
        if problem == OTHER_CODE:
            what = OTHER_CODE
            mend = "see what is said of worker: once all workers are of one right version it goes on by itself"
        else:
            what = f"its next step fails again and again: {problem}"
            mend = "this is a mistake in Prosa: report it; a worker with the mended version lets it go on by itself"
        found.append(
            trouble(
                "conversations",
                f"{count(len(rows), 'conversation')} stuck ({names(rows)}): {what}",
                "it can neither hear nor say anything, and does not end by itself either; nothing is lost",
                show,
                mend,
                end,
            )
        )
    return found


def _waiting(rows: Sequence[ConversationRow], now: datetime) -> list[Finding]:
    late = [row for row in rows if row.stage == "queue" and row.queued_at and now - row.queued_at > WAITS]
    if not late:
        return []
    return [
        notice(
            "conversations",
            f"{count(len(late), 'conversation')} waiting for people for more than an hour: {names(late)}",
            "these contacts were told that somebody would come",
            "see who waits longest: `prosa conversation list --stage queue`",
            f"`prosa conversation say {late[0].protocol} TEXT` answers one, `prosa conversation resolve` ends its wait",
        )
    ]


def _lost(rows: Sequence[ConversationRow]) -> list[Finding]:
    if not rows:
        return []
    first = min(rows, key=lambda row: row.last_at)
    return [
        trouble(
            "conversations",
            f"{count(len(rows), 'conversation')} open in the journal, though Temporal has no workflow: {names(rows)};"
            f" the oldest since {moment(first.last_at)}",
            "nobody plays them any more: somebody ended the workflow by hand, or Temporal's database is another one",
            f"`prosa conversation wake {first.protocol}` brings it back, for each; within a day the contact's next"
            " message does so too",
            f"or `prosa conversation terminate {first.protocol} --reason 'no workflow'` says so in the journal; the"
            " contact's next message then begins a new conversation",
            "when it is all of them: look whether temporal.address and temporal.namespace are the right ones",
        )
    ]


def _behind(seen: Sequence[Seen]) -> list[Finding]:
    rows = [one.row for one in seen if one.knows is not None and one.knows < one.row.last_seq]
    if not rows:
        return []
    return [
        notice(
            "conversations",
            f"{count(len(rows), 'conversation')} behind what the journal says of them: {names(rows)}",
            "Temporal has lost their last turns (a power cut, an older copy), and with them reminders and time limits",
            "nothing, for contacts who write: with the next message or deadline a conversation finds its way by itself",
            f"`prosa conversation wake {rows[0].protocol}` has one do so now",
        )
    ]
