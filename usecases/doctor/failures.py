"""Failing calls and messages: those being tried now, and those of the last hour in the journal."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from domain.errors import MistakeError
from journal import diagnosis
from journal.conversations import ConversationRow
from journal.transaction import Transaction
from runtime.settings import Settings
from runtime.wording import clock
from usecases.doctor import causes
from usecases.doctor.finding import Finding, count, notice, trouble
from usecases.pending_work import Trying

LATELY: Final = timedelta(hours=1)
MOST: Final = 2_000
"""Journal rows of a kind that are looked at."""
NAMED: Final = 3
CIRCLES: Final = 8
"""Answers to one question in one conversation that count as going in circles."""


class Failing(NamedTuple):
    """Something that is being tried again in an open conversation."""

    row: ConversationRow
    trying: Trying


class Call(NamedTuple):
    """One call to an ERP in the journal."""

    at: datetime
    conversation_id: str
    connection: str
    failed: bool
    code: str
    reason: str


async def look(c: Transaction, settings: Settings, failing: Sequence[Failing]) -> list[Finding]:
    """Return one finding for each cause of failures, now or within the last hour."""
    since = datetime.now(UTC) - LATELY
    calls = [_call(row) for row in await lately(c, "erp_called", since)]
    found = _erps(settings, calls, await _owed(c, calls), [one for one in failing if one.trying.connection])
    found += _accounts(settings, [one for one in failing if not one.trying.connection])
    found += await _steps(c, since)
    found += await _undelivered(c, since)
    return [*found, *await _circles(c)]


def names(rows: Iterable[ConversationRow]) -> str:
    """Return the protocols of *rows*, the first three and how many more."""
    return few({row.protocol for row in rows})


def few(protocols: Collection[str]) -> str:
    """Return the first three of *protocols*, and how many more there are."""
    more = f" and {len(protocols) - NAMED} more" if len(protocols) > NAMED else ""
    return ", ".join(sorted(protocols)[:NAMED]) + more


async def _owed(c: Transaction, calls: Sequence[Call]) -> Mapping[str, set[str]]:
    """Return, by connection, the protocols of the open conversations whose last call to it was given up."""
    last = {(call.connection, call.conversation_id): call.failed for call in calls}
    failed = {conversation_id for (_, conversation_id), given_up in last.items() if given_up}
    still_open = await diagnosis.open_among(c, failed)
    owed: defaultdict[str, set[str]] = defaultdict(set)
    for (connection, conversation_id), given_up in last.items():
        if given_up and conversation_id in still_open:
            owed[connection].add(still_open[conversation_id].protocol)
    return owed


def _erps(
    settings: Settings, calls: Sequence[Call], owed: Mapping[str, set[str]], failing: Sequence[Failing]
) -> list[Finding]:
    found: list[Finding] = []
    for name in sorted({one.trying.connection for one in failing} | {call.connection for call in calls if call.failed}):
        now = [one for one in failing if one.trying.connection == name]
        mine = [call for call in calls if call.connection == name]
        failed = [call for call in mine if call.failed]
        code, reason = (now[-1].trying.code, now[-1].trying.error) if now else (failed[-1].code, failed[-1].reason)
        cause = causes.of_erp(settings, name, code)
        waiting = f"{count(len(now), 'conversation')} waiting for it ({names(one.row for one in now)})" if now else ""
        lately = f"{count(len(failed), 'call')} given up in the last hour" if failed else ""
        facts = "; ".join(part for part in (waiting, lately, f"the last error: {reason}") if part)
        again = (f"{causes.AGAIN}: {few(owed[name])}",) if owed.get(name) else ()
        if not now and not mine[-1].failed:
            works = f"it works again since {clock(mine[-1].at)}"
            found.append(notice(f"erp {name}", f"{works}; before: {facts}", "contacts were told otherwise", *again))
            continue
        why = "contacts wait, and after the `patience` of the call are told that the system is down"
        found.append(trouble(f"erp {name}", f"{cause.what}: {facts}", why, *cause.mend, *(again or (causes.AGAIN,))))
    return found


def _accounts(settings: Settings, failing: Sequence[Failing]) -> list[Finding]:
    by_cause: defaultdict[tuple[str, str], list[Failing]] = defaultdict(list)
    for one in failing:
        by_cause[one.row.account, one.trying.code].append(one)
    found: list[Finding] = []
    for (account, code), mine in sorted(by_cause.items()):
        cause = causes.of_account(settings, account, code)
        whose = f"{count(len(mine), 'conversation')} waiting ({names(one.row for one in mine)})"
        found.append(
            trouble(
                f"account {account}",
                f"{cause.what}: {whose}; the last error: {mine[-1].trying.error}",
                "contacts see no answer; sending is tried again for 24 hours, then given up",
                *cause.mend,
            )
        )
    return found


async def _steps(c: Transaction, since: datetime) -> list[Finding]:
    by_place: defaultdict[tuple[str, str, str, str], int] = defaultdict(int)
    for row in await lately(c, "step_failed", since):
        data: Mapping[str, Any] = row["data"]
        key = (str(row["flow"]), str(row["card"]), str(data.get("error")), str(data.get("message")))
        by_place[key] += 1
    return [
        _mistake(flow, card, message, times)
        if code == MistakeError.code
        else trouble(
            f"flow {flow}",
            f"card {card!r} of flow {flow!r} has failed {count(times, 'time')} in the last hour: {message} ({code})",
            "these contacts got an apology instead of what the card is for",
            "mend the flow, try it with `prosa flow check`, then `prosa flow publish`",
            "running conversations keep the version that they began with; close them, or let them end",
        )
        for (flow, card, code, message), times in sorted(by_place.items())
    ]


def _mistake(flow: str, card: str, message: str, times: int) -> Finding:
    return trouble(
        "conversations",
        f"a mistake in Prosa has struck {count(times, 'conversation')} in the last hour, at card {card!r} of flow"
        f" {flow!r}: {message}",
        "these contacts got the company's fallback, or an apology",
        "report it, with what `prosa conversation show` says of one; `prosa conversation list` shows them",
    )


async def _undelivered(c: Transaction, since: datetime) -> list[Finding]:
    reasons: defaultdict[str, int] = defaultdict(int)
    for row in await lately(c, "message_failed", since):
        reasons[str(row["data"].get("reason"))] += 1
    return [
        notice(
            "messages",
            f"{count(times, 'message')} for good not delivered in the last hour: {reason}",
            "these contacts did not get what the bot said",
            "`prosa conversation list` shows who they are; write to them by another way",
        )
        for reason, times in sorted(reasons.items())
    ]


async def _circles(c: Transaction) -> list[Finding]:
    """Find conversations that hear answer after answer to one question, and get nowhere."""
    places: defaultdict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for protocol, flow, card, times in await diagnosis.circles(c, CIRCLES, MOST):
        places[flow, card].append((protocol, times))
    return [
        trouble(
            f"flow {flow}",
            f"{count(len(mine), 'conversation')} going in a circle at question {card!r} of flow {flow!r}: it has heard "
            + ", ".join(f"{times} answers in {protocol}" for protocol, times in mine[:NAMED]),
            "the contact answers and is asked the same again, or two bots talk to each other",
            f"see what was answered: `prosa conversation show {mine[0][0]}`",
            f"end it: `prosa conversation close {mine[0][0]} --reason 'goes in a circle'`; then give the exits of card"
            f" {card!r} (`invalid`, the ones of its options) a way out of the circle, and `prosa flow publish` it",
        )
        for (flow, card), mine in sorted(places.items())
    ]


async def lately(c: Transaction, kind: str, since: datetime) -> Sequence[Mapping[str, Any]]:
    """Return the newest events of a kind, the oldest of them first."""
    return await diagnosis.recent_events(c, kind, since, MOST)


def _call(row: Mapping[str, Any]) -> Call:
    data: Mapping[str, Any] = row["data"]
    return Call(
        at=row["at"],
        conversation_id=row["conversation_id"],
        connection=str(data.get("connection")),
        failed=data.get("outcome") == "failed",
        code=str(data.get("error") or ""),
        reason=str(data.get("reason") or "it did not answer"),
    )
