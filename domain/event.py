"""Events of a conversation, as the journal keeps them: past participles."""

import hashlib
import json
from typing import Final, Literal

from pydantic import AwareDatetime, Field, JsonValue

from domain.model import Value

EventKind = Literal[
    "conversation_opened",
    "conversation_initiated",
    "message_received",
    "message_sent",
    "message_failed",
    "flow_entered",
    "flow_left",
    "exit_taken",
    "question_answered",
    "answer_refused",
    "keyword_heard",
    "reminder_sent",
    "question_timed_out",
    "variable_set",
    "way_drawn",
    "delay_begun",
    "event_expected",
    "event_awaited",
    "event_received",
    "event_missed",
    "tag_added",
    "tag_removed",
    "priority_set",
    "contact_updated",
    "contact_refused",
    "contact_linked",
    "identity_checked",
    "identity_proved",
    "handed_over",
    "handover_given_up",
    "agent_joined",
    "handover_resolved",
    "note_added",
    "people_notified",
    "reference_point_reached",
    "survey_asked",
    "survey_answered",
    "survey_commented",
    "survey_left",
    "survey_unanswered",
    "erp_called",
    "http_called",
    "webhook_posted",
    "email_sent",
    "outreach_made",
    "step_failed",
    "wait_skipped",
    "step_retried",
    "conversation_ended",
    "conversation_repaired",
    "conversation_terminated",
]
"""Names of the kinds in the journal; `domain/events` has a type for each, with its fields."""


MEASURED: Final = frozenset({"seconds", "until"})
"""Fields that are read from a clock: like `at`, they may differ when the event is written again."""


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
        """Return 16 hex digits of SHA-256 over the data that must be equal when the event is written again."""
        data = {name: value for name, value in self.data.items() if name not in MEASURED}
        content = [self.seq, self.kind, self.card, self.flow, self.version, data]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]
