"""The database: its version, rows that wait too long or were given up, and the clocks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from journal import backlog, diagnosis
from journal.transaction import Transaction
from runtime.wording import moment, seconds
from usecases.doctor.finding import Finding, count, fine, notice, trouble

LATE: Final = timedelta(seconds=30)
SKEW: Final = timedelta(seconds=5)
NEWEST: Final = 200
"""Journal rows that the comparison of clocks uses."""


async def look(c: Transaction, data: Path) -> list[Finding]:
    """Return the findings in a database of the right version."""
    now = datetime.now(UTC)
    found = [*await _inbox(c, now), *await _outbox(c, now), *_spool(data), *await _clocks(c, now)]
    return [fine("database", "of the right version"), *found]


async def _inbox(c: Transaction, now: datetime) -> list[Finding]:
    rows = await backlog.unread(c, resting=False)
    found: list[Finding] = []
    if (row := rows.get("received")) and now - row.oldest > LATE:
        age = seconds((now - row.oldest).total_seconds())
        said = f"; the last error: {row.reason}" if row.reason else ""
        found.append(
            trouble(
                "inbox",
                f"{count(row.size, 'message')} not handed to a conversation yet, the oldest for {age}{said}",
                "contacts wait for an answer",
                "see what is said of temporal and gateway: the gateway hands them over as soon as both work",
            )
        )
    if (row := rows.get("forwarded")) and now - row.oldest > LATE:
        age = seconds((now - row.oldest).total_seconds())
        found.append(
            trouble(
                "inbox",
                f"{count(row.size, 'message')} not read by the conversation, the oldest for {age}",
                "contacts wait for an answer",
                "see what is said of worker and of stuck conversations: they read them as soon as they go on",
            )
        )
    if row := rows.get("dead"):
        found.append(
            notice(
                "inbox",
                f"{count(row.size, 'message')} buried: Temporal will never take them ({row.reason})",
                "the contacts were not heard; the messages are kept in the table inbox, state dead",
                "answer these contacts by hand: `prosa inbox dead` says who they are",
            )
        )
    return found or [fine("inbox", "everything has been read")]


async def _outbox(c: Transaction, now: datetime) -> list[Finding]:
    rows = await backlog.unsettled(c)
    found: list[Finding] = []
    if row := rows.get("unknown"):
        since = moment(row.oldest)
        found.append(
            trouble(
                "outbox",
                f"{count(row.size, 'message')} in doubt: nobody knows whether the contact got it, since {since}",
                "the sending was cut off, and the provider cannot be asked; to send again might say it twice",
                "`prosa outbox unknown` lists them; then `prosa outbox resend` or `prosa outbox give-up` each",
            )
        )
    late = [row for state in ("queued", "sending") if (row := rows.get(state)) and now - row.oldest > LATE]
    if late:
        age = seconds((now - min(row.oldest for row in late)).total_seconds())
        reasons = "; ".join(sorted({str(row.reason) for row in late if row.reason}))
        found.append(
            trouble(
                "outbox",
                f"{count(sum(row.size for row in late), 'message')} not taken by the provider yet, the oldest for {age}"
                + (f": {reasons}" if reasons else ""),
                "contacts see no answer; sending is tried again for 24 hours",
                "see what is said of accounts and conversations; `prosa conversation show` says what the provider said",
            )
        )
    return found or [fine("outbox", "nothing waits, nothing is in doubt")]


def _spool(data: Path) -> list[Finding]:
    files = list((data / "spool").glob("*.json"))
    if not files:
        return []
    return [
        notice(
            "spool",
            f"{count(len(files), 'request')} on the disk of this gateway, not in the database yet",
            "the database was away when they came; contacts wait",
            "they go in by themselves once the database answers the gateway; its log says spool_waits until then",
        )
    ]


async def _clocks(c: Transaction, now: datetime) -> list[Finding]:
    """Compare clocks by their times in the journal: `at` is Temporal's, `recorded_at` a worker's, now is ours."""
    rows = await diagnosis.newest_times(c, NEWEST)
    if not rows:
        return []
    behind = max(at - recorded for at, recorded in rows)
    ahead = min(recorded - at for at, recorded in rows)
    future = max(max(at, recorded) for at, recorded in rows) - now
    for skew, what in (
        (behind, "a worker's clock is behind Temporal's"),
        (ahead, "the workers' clocks are ahead of Temporal's, or everything is written late"),
        (future, "the clock here is behind those of Temporal and the workers"),
    ):
        if skew > SKEW:
            length = seconds(skew.total_seconds())
            return [
                trouble(
                    "clocks",
                    f"{what}, by {length}",
                    "reminders and time limits come at the wrong time, signed requests are refused",
                    "set the clocks with NTP on every machine: `timedatectl set-ntp true`",
                )
            ]
    return [fine("clocks", "agree")]
