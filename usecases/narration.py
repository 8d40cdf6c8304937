"""A conversation in words: one line for each event of the journal, with its actor and its effect."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.message import Content, listed
from journal.conversations import JournalRow, PartRow
from runtime.wording import moment, seconds, short
from usecases.masking import masked

ORDINARY: Final = ("done", "answered", "otherwise", "when_")
"""How exits begin that go without saying."""

Data = Mapping[str, Any]


@dataclass(frozen=True)
class NarrationLine:
    """One line of a narration: time, card, actor, text."""

    at: datetime
    card: str
    who: str
    text: str


def tell(rows: Iterable[JournalRow], parts: Iterable[PartRow] = (), *, everything: bool = False) -> list[NarrationLine]:
    """Return the narration of *rows*, CPFs masked; with *everything*, also ordinary exits."""
    states = {part.seq: part for part in parts}
    lines: list[NarrationLine] = []
    for row in rows:
        who, speak = _VOICES.get(row.kind) or ("prosa", _unknown(row.kind))
        if not everything and row.kind == "exit_taken" and str(row.data.get("exit")).startswith(ORDINARY):
            continue
        text = speak(row.data)
        if row.kind == "message_sent" and row.data.get("by"):
            who, text = "person", f"{row.data['by']}: {text}"
        if row.kind == "message_sent" and (part := states.get(row.seq)):
            text += _how_far(part)
        lines.append(NarrationLine(row.at, row.card or "", who, masked(text)))
    return lines


def flows_entered(rows: Iterable[JournalRow]) -> list[tuple[str, int, str]]:
    """Return (name, number, short hash) of every flow version that a conversation entered, in order."""
    entered: dict[tuple[str, int, str], None] = {}
    for row in rows:
        if row.kind == "flow_entered":
            version = str(row.data.get("version") or row.version or "")
            entered[str(row.data["flow"]), int(str(row.data.get("number") or 0)), short(version)] = None
    return list(entered)


def _how_far(part: PartRow) -> str:
    if part.state in {"sent", "delivered", "read"}:
        return "  (may have arrived twice)" if part.repeated else ""
    reason = f": {part.reason}" if part.reason else ""
    return f"  ({part.state}{reason})"


def _said(data: Data) -> str:
    text = str(data.get("text") or ("[missed call]" if data.get("missed_call") else ""))
    for kind in ("location", "contact_card"):
        if data.get(kind):
            words = ", ".join(Content.model_validate(data).words.splitlines())
            text = f"{text} [{kind.replace('_', ' ')} {words}]".strip()
    if data.get("choice"):
        text = f"{text} [taps {data['choice']}]".strip()
    files = data.get("files") or ([data["file"]] if data.get("file") else [])
    for file in files:
        text = f"{text} [file {file['name']}, {file['size']} bytes]".strip()
    for line in listed([option["label"] for option in data.get("options") or ()]):
        text += f"\n  {line}"
    for link in data.get("links") or ():
        text += f"\n  {link['title']}: {link['url']}"
    return (text or "(nothing)") + ("  (after the end)" if data.get("late") else "")


def _called(data: Data) -> str:
    return _went(f"{data.get('connection')}.{data.get('operation')}", data)


def _requested(data: Data) -> str:
    return _went(f"{data.get('method')} {data.get('host')}", data)


def _posted(data: Data) -> str:
    return _went(f"posts {data.get('event')} to {data.get('webhook')}", data)


def _mailed(data: Data) -> str:
    refused = f", {data['refused']} addresses did not take it" if data.get("refused") else ""
    return _went(f"e-mails {data.get('event')} to {data.get('email')}", data) + refused


def _whom(data: Data) -> str:
    return " and ".join(name for name in (data.get("to"), data.get("email")) if name) or "people"


def _went(what: str, data: Data) -> str:
    length = data.get("seconds")
    took = seconds(float(length)) if length is not None else ""
    attempts = int(data.get("attempts") or 1)
    times = f", {attempts} attempts" if attempts > 1 else ""
    if data.get("outcome") == "failed":
        return f"{what}: failed{times}{f', after {took} of trying' if took else ''}{_because(data)}"
    return f"{what}: {data.get('outcome')}{times}{f', {took}' if took else ''}"


def _delayed(data: Data) -> str:
    ends = ", or the contact says something" if data.get("interruptible") else ""
    return f"lets time pass until {_at(data.get('until'))}{ends}"


def _at(until: str | None) -> str:
    return moment(datetime.fromisoformat(until)) if until else "?"


def _awaited(data: Data) -> str:
    ends = ", or the contact says something" if data.get("interruptible") else ""
    return f"waits for the event {data.get('event')} until {_at(data.get('until'))}{ends}"


def _callback(data: Data) -> str:
    callback: Data = data.get("callback") or {}
    unheard = "  (no card has waited for it)" if data.get("late") else ""
    return f"event {callback.get('event')}: {callback.get('data')}{unheard}"


def _asked(data: Data) -> str:
    return f"asks for {data.get('survey')}, {data.get('lowest')} to {data.get('highest')}"


def _repaired(data: Data) -> str:
    return f"Temporal had lost what came after event {data.get('since')}: it goes on from there"


def _opened(data: Data) -> str:
    entry: Data = data.get("entry") or {}
    found = f" {entry['found']!r}" if entry.get("found") else ""
    why = f", by its entry {entry['number']}: {entry['by']}{found}" if entry else ""
    return f"opened on {data.get('account')} with flow {data.get('flow')}{why}"


def _initiated(data: Data) -> str:
    outreach: Data = data.get("outreach") or {}
    return f"opened by {outreach.get('by') or 'the company'}, with flow {outreach.get('flow')}{_because(outreach)}"


def _reached(data: Data) -> str:
    what = f"opens a conversation with {data.get('address')} on {data.get('account')}, flow {data.get('flow')}"
    return f"{what}: {data.get('outcome')}{_because(data)}"


def _checked(data: Data) -> str:
    place = f"proof of customer {data.get('customer')} of {data.get('connection')}, by {data.get('by')}"
    to = f" to {data['to']}" if data.get("to") else ""
    return f"{place}: {data.get('result') or data.get('outcome')}{to}"


def _handed_over(data: Data) -> str:
    to = f"{data.get('agent')} of " if data.get("agent") else ""
    skills = f", who know {', '.join(data['skills'])}" if data.get("skills") else ""
    return f"passed to {to}{data.get('queue')}{skills}, {data.get('priority')} priority{_noted(data)}"


def _noted(data: Data) -> str:
    return f": {data['note']}" if data.get("note") else ""


def _because(data: Data) -> str:
    return f": {data['reason']}" if data.get("reason") else ""


def _by(data: Data) -> str:
    return f", by {data['by']}{_because(data)}" if data.get("by") else ""


def _unknown(kind: str) -> Callable[[Data], str]:
    return lambda _: f"{kind}, an event that this version of Prosa does not know"


_VOICES: Final[Mapping[str, tuple[str, Callable[[Data], str]]]] = {
    "conversation_opened": ("prosa", _opened),
    "conversation_initiated": ("prosa", _initiated),
    "message_received": ("contact", _said),
    "message_sent": ("bot", _said),
    "message_failed": ("error", lambda data: f"message {data.get('part')} was not delivered{_because(data)}"),
    "flow_entered": ("flow", lambda data: f"enters {data.get('flow')} version {data.get('number')}"),
    "flow_left": ("flow", lambda data: f"leaves {data.get('flow')} by {data.get('exit')}"),
    "exit_taken": ("way", lambda data: f"exit {data.get('exit')} → {data.get('target')}"),
    "question_answered": ("answer", lambda data: f"{data.get('variable') or 'answer'} = {data.get('value')}"),
    "answer_refused": ("answer", lambda data: f"refused, attempt {data.get('attempt')}{_because(data)}"),
    "keyword_heard": ("answer", lambda data: f"keyword {data.get('keyword')} → {data.get('target')}"),
    "reminder_sent": ("prosa", lambda data: f"reminder {data.get('number')}"),
    "question_timed_out": ("prosa", lambda _: "no answer in time"),
    "variable_set": ("answer", lambda data: f"{data.get('variable')} = {data.get('value')}"),
    "way_drawn": ("flow", lambda data: f"draws the way {data.get('way')}"),
    "delay_begun": ("prosa", _delayed),
    "event_expected": ("flow", lambda data: f"expects the event {data.get('event')}, and gives out an address for it"),
    "event_awaited": ("prosa", _awaited),
    "event_received": ("erp", _callback),
    "event_missed": ("prosa", lambda data: f"the event {data.get('event')} has not come in time"),
    "tag_added": ("flow", lambda data: f"tags it {data.get('tag')!r}"),
    "tag_removed": ("flow", lambda data: f"takes the tag {data.get('tag')!r} off"),
    "priority_set": ("flow", lambda data: f"gives it the priority {data.get('priority')}"),
    "contact_updated": (
        "answer",
        lambda data: f"keeps of the contact: {', '.join(map(str, data.get('fields') or ()))}",
    ),
    "contact_refused": ("answer", lambda data: f"does not keep {data.get('field')}: {data.get('reason')}"),
    "contact_linked": ("answer", lambda data: f"is customer {data.get('customer')} of {data.get('connection')}"),
    "identity_checked": ("erp", _checked),
    "identity_proved": (
        "answer",
        lambda data: (
            f"has proved to be customer {data.get('customer')} of {data.get('connection')}, by {data.get('by')}"
        ),
    ),
    "handed_over": ("person", _handed_over),
    "handover_given_up": ("contact", lambda _: "would rather not wait for people"),
    "agent_joined": ("person", lambda data: f"{data.get('by')} joins"),
    "handover_resolved": ("person", lambda data: f"{data.get('by')} has resolved it{_noted(data)}"),
    "note_added": ("note", lambda data: str(data.get("text") or "(nothing)")),
    "people_notified": ("note", lambda data: f"tells {_whom(data)}: {data.get('text')}"),
    "reference_point_reached": ("flow", lambda data: f"reaches the reference point {data.get('name')}"),
    "survey_asked": ("survey", _asked),
    "survey_answered": ("survey", lambda data: f"{data.get('survey')} = {data.get('score')}"),
    "survey_commented": ("survey", lambda data: f"because: {data.get('comment')}"),
    "survey_left": ("survey", lambda data: f"the {data.get('survey')} is left for a keyword, and may be asked again"),
    "survey_unanswered": ("survey", lambda data: f"no {data.get('survey')}{_because(data)}"),
    "erp_called": ("erp", _called),
    "http_called": ("erp", _requested),
    "webhook_posted": ("prosa", _posted),
    "email_sent": ("prosa", _mailed),
    "outreach_made": ("flow", _reached),
    "step_failed": ("error", lambda data: f"{data.get('error')}: {data.get('message')}"),
    "wait_skipped": ("person", lambda data: f"{data.get('by')} skips the wait, by {data.get('exit')}{_because(data)}"),
    "step_retried": ("person", lambda data: f"{data.get('by')} has the failed step played again{_because(data)}"),
    "conversation_ended": ("prosa", lambda data: f"ended: {data.get('resolution')}{_by(data)}"),
    "conversation_repaired": ("error", _repaired),
    "conversation_terminated": ("error", lambda data: f"terminated by {data.get('by')}{_because(data)}"),
}
