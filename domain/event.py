"""Events of a conversation, as the journal keeps them: past participles."""

import hashlib
import json
from typing import Final, Literal

from pydantic import AwareDatetime, Field, JsonValue

from domain.model import Value

EventKind = Literal[
    "conversation_opened",  # account, channel, address, name, flow, workflow_id; `entry` (number, by, found), if by one
    "conversation_initiated",  # event_id, outreach (flow, inputs, message, by, reason): the company has opened it
    "message_received",  # event_id, text, choice, files, truncated, referral, missed_call; `late: true` after the end
    "message_sent",  # text, options, links, typing, file, location, contact_card, template; `by` when a person said it
    "message_failed",  # part (its seq), reason
    "flow_entered",  # flow, version, number
    "flow_left",  # flow, exit
    "exit_taken",  # exit, target
    "question_answered",  # variable, value (masked when sensitive), attempt
    "answer_refused",  # attempt, reason
    "keyword_heard",  # keyword (menu, back, repeat, agent or leave), target
    "reminder_sent",  # number
    "question_timed_out",  # asked_at
    "variable_set",  # variable, value (masked when sensitive)
    "way_drawn",  # way, of those that a split has
    "delay_begun",  # until, interruptible
    "event_expected",  # event; its key (conversation and seq) is what the address for it is signed for
    "event_awaited",  # event, until, interruptible
    "event_received",  # event_id, callback (key, event, data); `late: true` when no card has waited for it
    "event_missed",  # event
    "tag_added",  # tag
    "tag_removed",  # tag
    "priority_set",  # priority (low, normal, high or urgent)
    "contact_updated",  # fields: the names of what was learnt, never what it is
    "contact_refused",  # field, reason: a value that is none that it should be
    "contact_linked",  # connection, customer (its number there), by (document, phone or email)
    "handed_over",  # queue, agent, priority, skills, note, until; position, estimate (seconds): what contacts are told
    "handover_given_up",  # the contact would rather not wait; a keyword or the exit that follows says where to
    "agent_joined",  # by
    "handover_resolved",  # by, note
    "note_added",  # text
    "people_notified",  # text, to (a receiver under `webhooks`, or nobody in particular); `email` (one under `emails`)
    "reference_point_reached",  # name
    "survey_asked",  # survey (nps, csat or ces), lowest, highest
    "survey_answered",  # survey, score
    "survey_commented",  # survey, comment
    "survey_left",  # survey; a keyword led elsewhere, and it may be asked again
    "survey_unanswered",  # survey, reason: silence, declined, not_understood or undelivered
    "erp_called",  # connection, operation, outcome, attempts, seconds; error and reason of one that failed
    "http_called",  # method, host, status, outcome, attempts, seconds; error and reason of one that failed
    "webhook_posted",  # webhook, event, status, outcome, attempts, seconds; error and reason of one that failed
    "email_sent",  # email, event, outcome, refused, attempts, seconds; error and reason of one that failed
    "outreach_made",  # account, address, flow, outcome (opened, already_open or failed), conversation; error, reason
    "step_failed",  # error, message
    "wait_skipped",  # by, reason, exit; somebody of the company wanted to go on
    "step_retried",  # by, reason; the failed step, at which the conversation stands again, is card and flow
    "conversation_ended",  # resolution; by and reason when somebody of the company ended it
    "conversation_repaired",  # since, upto (what Temporal lost lies between), and how it stood before the next event
    "conversation_terminated",  # by, reason; written by the command line, for a workflow that is dead
]


MEASURED: Final = frozenset({"seconds", "until"})
"""What is read from a clock: it may differ when the event is written again, as `at` may."""


class Event(Value):
    """One row of the journal; `seq` is dense within the conversation."""

    seq: int
    kind: EventKind
    at: AwareDatetime
    card: str | None = None
    flow: str | None = None
    version: str | None = None
    data: dict[str, JsonValue] = Field(default_factory=dict)

    def fingerprint(self) -> str:
        """Return 16 hex digits of SHA-256 over what must be equal when the event is written again."""
        data = {name: value for name, value in self.data.items() if name not in MEASURED}
        content = [self.seq, self.kind, self.card, self.flow, self.version, data]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]
