"""What must be true at the end of a run, whatever was killed meanwhile; every invariant names what breaks it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from domain.keys import message_id
from tests.faults.evidence import Call, Evidence, Row

SENT: Final = frozenset({"sent", "delivered", "read"})
SHOWN: Final = 8
"""Violations of one invariant that the table spells out."""

Invariant = Callable[[Evidence], Iterator[str]]


def violations(evidence: Evidence) -> dict[str, list[str]]:
    """Return the sentences about what is not as it must be, by invariant; those that hold have none."""
    found = {name: list(invariant(evidence)) for name, invariant in INVARIANTS.items()}
    return found | {name: list(sentences) for name, sentences in evidence.store.items()}


def table(found: Mapping[str, Sequence[str]]) -> str:
    """Return the invariants and how often each is broken, for people."""
    lines = [f"{'ok' if not wrong else len(wrong):>6}  {name}" for name, wrong in found.items()]
    for name, wrong in found.items():
        lines += [f"        {name}: {sentence}" for sentence in wrong[:SHOWN]]
    return "\n".join(lines)


def nothing_acknowledged_is_lost(evidence: Evidence) -> Iterator[str]:
    kept = {row["message_id"] for row in evidence.inbox}
    read = {row["data"].get("message_id") for row in evidence.journal if row["kind"] == "message_received"}
    for message in sorted(evidence.acked - kept):
        yield f"message {message} was acknowledged and is not in the inbox"
    for message in sorted(evidence.acked - read):
        yield f"message {message} was acknowledged and stands in no journal"
    for row in evidence.inbox:
        if row["state"] == "dead":
            yield f"message {row['message_id']} was buried: {row['last_error']}"
    yield from evidence.refused


def nothing_is_taken_twice(evidence: Evidence) -> Iterator[str]:
    for (account, name), count in Counter(
        (row["account"], row["provider_message_id"]) for row in evidence.inbox
    ).items():
        if count > 1:
            yield f"message {name} of {account} is in the inbox {count} times"
    for (conversation, seq), count in Counter(_part(row) for row in evidence.journal).items():
        if count > 1:
            yield f"journal event {conversation}:{seq} is in the journal {count} times"
    for (conversation, seq), count in Counter(_part(row) for row in evidence.outbox).items():
        if count > 1:
            yield f"part {conversation}:{seq} is in the outbox {count} times"


def what_was_read_was_said(evidence: Evidence) -> Iterator[str]:
    said = {message_id(one.account, "message", one.id): one for talk in evidence.talks for one in talk.messages}
    for row in evidence.inbox:
        one = said.get(row["message_id"])
        if one is None or (one.address, one.text) != (row["address"], row["payload"]["text"]):
            yield f"message {row['message_id']} holds {row['payload']['text']!r} of {row['address']}, not {one}"


def contacts_are_read_in_order(evidence: Evidence) -> Iterator[str]:
    """The journals of one contact, one conversation after the other, follow the inbox."""
    place = {row["message_id"]: row["id"] for row in evidence.inbox}
    address = {row["conversation_id"]: (row["account"], row["address"]) for row in evidence.conversations}
    last: dict[tuple[str, str], int] = defaultdict(int)
    for row in evidence.journal:
        if row["kind"] != "message_received" or row["data"].get("message_id") not in place:
            continue
        contact = address.get(row["conversation_id"], ("", row["conversation_id"]))
        now = place[row["data"]["message_id"]]
        if now < last[contact]:
            yield f"{contact[1]}: inbox row {now} was read after row {last[contact]}"
        last[contact] = max(now, last[contact])


def what_counts_as_sent_arrived(evidence: Evidence) -> Iterator[str]:
    taken = _taken(evidence)
    for row in evidence.outbox:
        calls = taken.get(_key(row), [])
        if row["state"] in SENT and not calls:
            yield f"part {_key(row)} is {row['state']} and never arrived"
        if row["state"] == "failed":
            yield f"part {_key(row)} failed ({row['reason']}); it arrived {len(calls)} times"
        for call in calls:
            if (call.address, call.text) != (row["address"], row["part"]["text"]):
                yield f"part {_key(row)} says {row['part']['text']!r} and {call.text!r} arrived at {call.address}"


def nothing_arrives_twice_unmarked(evidence: Evidence) -> Iterator[str]:
    """A contact sees a part once; twice only where the rule is to send again, and then the row is marked."""
    rows = {_key(row): row for row in evidence.outbox}
    for key, calls in _taken(evidence).items():
        row = rows.get(key)
        if row is None:
            continue
        may_repeat = row["account"] == "again" and row["repeated"]
        if len(calls) > 1 and not may_repeat:
            yield f"part {key} of {row['account']} ({row['state']}) was seen {len(calls)} times and is not marked"


def nothing_unknown_arrives(evidence: Evidence) -> Iterator[str]:
    known = {_key(row) for row in evidence.outbox}
    for call in evidence.calls:
        if call.key not in known:
            yield f"the provider was sent {call.key}, which the outbox does not know: {call.text!r}"
        if not (call.taken or call.status == 200):
            yield f"the provider refused {call.key} with {call.status}"


def contacts_see_what_was_said_in_order(evidence: Evidence) -> Iterator[str]:
    last: dict[str, int] = defaultdict(int)
    for key in _taken(evidence):
        conversation, _, seq = key.rpartition(":")
        if int(seq) < last[conversation]:
            yield f"conversation {conversation}: part {seq} arrived after part {last[conversation]}"
        last[conversation] = max(last[conversation], int(seq))


def each_talk_is_one_conversation(evidence: Evidence) -> Iterator[str]:
    opened = Counter((row["account"], row["address"]) for row in evidence.conversations)
    expected = Counter((talk.account, talk.address) for talk in evidence.talks)
    for contact in sorted(opened.keys() | expected.keys()):
        if opened[contact] != expected[contact]:
            yield f"{contact[1]} on {contact[0]} has {opened[contact]} conversations, {expected[contact]} expected"


def every_answer_is_kept(evidence: Evidence) -> Iterator[str]:
    """Each question's answer is what the contact said next, in the order of the inbox."""
    said: dict[str, list[str]] = defaultdict(list)
    answered: dict[str, list[str]] = defaultdict(list)
    for row in evidence.journal:
        if row["kind"] == "message_received":
            said[row["conversation_id"]].append(row["data"]["text"])
        if row["kind"] == "question_answered":
            answered[row["conversation_id"]].append(row["data"]["value"])
        if row["kind"] in {"step_failed", "message_failed", "conversation_terminated"}:
            yield f"conversation {row['conversation_id']}: {row['kind']} {row['data']}"
    for conversation, texts in said.items():
        if answered[conversation] != texts[1:]:
            yield f"conversation {conversation}: said {texts[1:]}, kept {answered[conversation]}"


def the_erp_wrote_once_each(evidence: Evidence) -> Iterator[str]:
    calls = [row for row in evidence.journal if row["kind"] == "erp_called"]
    written = Counter(row["conversation_id"] for row in calls if row["data"]["outcome"] == "ok")
    for conversation, count in written.items():
        if count > 1:
            yield f"conversation {conversation} had {count} second copies"
    if evidence.copies != len(calls):
        yield f"{len(calls)} calls were answered, the ERP issued {evidence.copies} copies"


def the_open_wait_and_the_ended_are_ended(evidence: Evidence) -> Iterator[str]:
    newest: dict[str, Row] = {}
    for row in sorted(evidence.conversations, key=lambda row: row["opened_at"]):
        newest[row["workflow_id"]] = row
        if row["stage"] == "ended" and not row["resolution"]:
            yield f"conversation {row['conversation_id']} ended without a resolution"
    for workflow_id in sorted(newest.keys() | evidence.statuses.keys()):
        row, status = newest.get(workflow_id), evidence.statuses.get(workflow_id)
        if row is None or status is None:
            yield f"{workflow_id} is known to {'Temporal' if row is None else 'the store'} alone"
            continue
        wanted = "COMPLETED" if row["stage"] == "ended" else "RUNNING"
        if status.status != wanted:
            yield f"{workflow_id} is {status.status}, its conversation {row['stage']}"
        elif wanted == "RUNNING" and (status.stuck or not status.waits_on):
            yield f"{workflow_id} waits for nothing {status.stuck}"


def nobody_died_unplanned(evidence: Evidence) -> Iterator[str]:
    yield from evidence.accidents


def no_turn_was_rewritten(evidence: Evidence) -> Iterator[str]:
    yield from evidence.diverged


INVARIANTS: Final[Mapping[str, Invariant]] = {
    "I1 nothing acknowledged is lost": nothing_acknowledged_is_lost,
    "I1 nothing is taken twice": nothing_is_taken_twice,
    "I1 what was read was said": what_was_read_was_said,
    "I2 contacts are read in order": contacts_are_read_in_order,
    "I3 what counts as sent arrived": what_counts_as_sent_arrived,
    "I3 nothing arrives twice unmarked": nothing_arrives_twice_unmarked,
    "I3 nothing unknown arrives": nothing_unknown_arrives,
    "I3 contacts see what was said in order": contacts_see_what_was_said_in_order,
    "I3 the ERP wrote once each": the_erp_wrote_once_each,
    "I4 the open wait, the ended are ended": the_open_wait_and_the_ended_are_ended,
    "I7 every answer is kept": every_answer_is_kept,
    "a talk is one conversation": each_talk_is_one_conversation,
    "nobody died unplanned": nobody_died_unplanned,
    "no turn was rewritten": no_turn_was_rewritten,
}


def _part(row: Row) -> tuple[str, int]:
    return row["conversation_id"], row["seq"]


def _key(row: Row) -> str:
    return f"{row['conversation_id']}:{row['seq']}"


def _taken(evidence: Evidence) -> dict[str, list[Call]]:
    """Return what contacts have seen, by key, in the order of the first time."""
    taken: dict[str, list[Call]] = defaultdict(list)
    for call in evidence.calls:
        if call.taken:
            taken[call.key].append(call)
    return taken
