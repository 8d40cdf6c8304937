"""Notices to agents that failed: e-mails and webhooks that were given up within the last hour."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from journal import diagnosis
from journal.transaction import Transaction
from runtime.settings import Settings
from runtime.wording import clock
from usecases.doctor import causes
from usecases.doctor.failures import LATELY, few, lately
from usecases.doctor.finding import Finding, count, notice, trouble

TELLING: Final = {"handed_over", "notification"}
"""The events that are for people."""

Row = Mapping[str, Any]


async def look(c: Transaction, settings: Settings) -> list[Finding]:
    """Return one finding for each receiver that did not get a notice."""
    since = datetime.now(UTC) - LATELY
    by_receiver: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for kind, how in (("email_sent", "email"), ("webhook_posted", "webhook")):
        for row in await lately(c, kind, since):
            if row["data"].get("event") in TELLING:
                by_receiver[how, str(row["data"].get(how))].append(row)
    found: list[Finding] = []
    for (how, name), rows in sorted(by_receiver.items()):
        if failed := [row for row in rows if _failed(row)]:
            waiting = await _waiting(c, {row["conversation_id"] for row in failed})
            found.append(_finding(settings, (how, name), failed, waiting, now=rows[-1]))
    return found


def _failed(row: Row) -> bool:
    return row["data"].get("outcome") == "failed"


async def _waiting(c: Transaction, untold: Collection[str]) -> list[str]:
    """Return the protocols of the conversations of *untold* that still wait for agents."""
    return [one.protocol for one in (await diagnosis.open_among(c, untold)).values() if one.stage == "queue"]


def _finding(
    settings: Settings, receiver: tuple[str, str], failed: Sequence[Row], waiting: Collection[str], *, now: Row
) -> Finding:
    how, name = receiver
    data: Mapping[str, Any] = failed[-1]["data"]
    unseen = f"; in a queue, and nobody was told so: {few(waiting)}" if waiting else ""
    facts = f"{count(len(failed), 'time')} in vain in the last hour, the last: {data.get('reason')}{unseen}"
    see = ("`prosa conversation list --stage queue` shows who waits",) if waiting else ()
    if not _failed(now):
        works = f"it works again since {clock(now['at'])}"
        return notice(f"{how} {name}", f"{works}; before: {facts}", "nobody is told of these again", *see)
    code = str(data.get("error"))
    mend = causes.of_mail(settings, code) if how == "email" else (f"mend webhooks.{name}, or what answers there",)
    return trouble(
        f"{how} {name}", f"people are not told: {facts}", "contacts wait for people who do not know of it", *see, *mend
    )
