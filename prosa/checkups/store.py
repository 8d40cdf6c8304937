"""The database: its version, what waits in it too long, what was given up, and what clocks say."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Select, and_, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from journal.tables import conversation, inbox, journal, outbox
from prosa.checkups.finding import Finding, count, fine, notice, trouble
from runtime.wording import moment, seconds

LATE: Final = timedelta(seconds=30)
SKEW: Final = timedelta(seconds=5)
NEWEST: Final = 200
"""Journal rows by which clocks are compared."""


async def look(c: AsyncConnection, data: Path) -> list[Finding]:
    """Return what is found in a database of the right version."""
    now = datetime.now(UTC)
    found = [*await _inbox(c, now), *await _outbox(c, now), *_spool(data), *await _clocks(c, now)]
    return [fine("database", "of the right version"), *found]


async def _inbox(c: AsyncConnection, now: datetime) -> list[Finding]:
    waiting = select(inbox.c.state, func.count(), func.min(inbox.c.received_at), func.max(inbox.c.last_error))
    kept = or_(inbox.c.kind == "event", inbox.c.workflow_id.in_(_resting()))
    left = and_(inbox.c.state == "forwarded", kept)
    waiting = waiting.where(inbox.c.state.in_(["received", "forwarded", "dead"]), not_(left)).group_by(inbox.c.state)
    rows = {row[0]: row for row in await c.execute(waiting)}
    found: list[Finding] = []
    if (row := rows.get("received")) and now - row[2] > LATE:
        age = seconds((now - row[2]).total_seconds())
        said = f"; the last error: {row[3]}" if row[3] else ""
        found.append(
            trouble(
                "inbox",
                f"{count(row[1], 'message')} not handed to a conversation yet, the oldest for {age}{said}",
                "contacts wait for an answer",
                "see what is said of temporal and gateway: the gateway hands them over as soon as both work",
            )
        )
    if (row := rows.get("forwarded")) and now - row[2] > LATE:
        age = seconds((now - row[2]).total_seconds())
        found.append(
            trouble(
                "inbox",
                f"{count(row[1], 'message')} not read by the conversation, the oldest for {age}",
                "contacts wait for an answer",
                "see what is said of worker and of stuck conversations: they read them as soon as they go on",
            )
        )
    if row := rows.get("dead"):
        found.append(
            notice(
                "inbox",
                f"{count(row[1], 'message')} buried: Temporal will never take them ({row[3]})",
                "the contacts were not heard; the messages are kept in the table inbox, state dead",
                "answer these contacts by hand: `prosa inbox dead` says who they are",
            )
        )
    return found or [fine("inbox", "everything has been read")]


def _resting() -> Select[str]:
    """Return the workflows that wait for no message: what they are told meanwhile, they read later (ADR 0013)."""
    last = and_(journal.c.conversation_id == conversation.c.conversation_id, journal.c.seq == conversation.c.last_seq)
    found = select(conversation.c.workflow_id).join(journal, last)
    return found.where(journal.c.kind.in_(["delay_begun", "event_awaited"]), conversation.c.stage != "ended")


async def _outbox(c: AsyncConnection, now: datetime) -> list[Finding]:
    states = select(outbox.c.state, func.count(), func.min(outbox.c.queued_at), func.max(outbox.c.reason))
    states = states.where(outbox.c.state.in_(["queued", "sending", "unknown"])).group_by(outbox.c.state)
    rows = {row[0]: row for row in await c.execute(states)}
    found: list[Finding] = []
    if row := rows.get("unknown"):
        found.append(
            trouble(
                "outbox",
                f"{count(row[1], 'message')} in doubt: nobody knows whether the contact got it, since {moment(row[2])}",
                "the sending was cut off, and the provider cannot be asked; to send again might say it twice",
                "`prosa outbox unknown` lists them; then `prosa outbox resend` or `prosa outbox give-up` each",
            )
        )
    late = [row for state in ("queued", "sending") if (row := rows.get(state)) and now - row[2] > LATE]
    if late:
        age = seconds((now - min(row[2] for row in late)).total_seconds())
        reasons = "; ".join(sorted({str(row[3]) for row in late if row[3]}))
        found.append(
            trouble(
                "outbox",
                f"{count(sum(row[1] for row in late), 'message')} not taken by the provider yet, the oldest for {age}"
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


async def _clocks(c: AsyncConnection, now: datetime) -> list[Finding]:
    """Compare clocks by what each has written: `at` is Temporal's, `recorded_at` a worker's, now is ours."""
    newest = select(journal.c.at, journal.c.recorded_at).order_by(journal.c.id.desc()).limit(NEWEST)
    rows = (await c.execute(newest)).all()
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
