"""The names under which Temporal knows our workflows, signals, queries, queues and search attributes.

They are permanent: running conversations and recorded histories hold them.
"""

from typing import Final

SIGNAL_MESSAGE: Final = "message_received"
SIGNAL_CLOSE: Final = "close_requested"
SIGNAL_INTERVENE: Final = "intervention_requested"
SIGNAL_ACT: Final = "person_acted"
QUERY_SNAPSHOT: Final = "snapshot"
QUERY_TRANSCRIPT: Final = "transcript"
WORKFLOW: Final = "Conversation"
REDELIVERY: Final = "Redelivery"
CAMPAIGN: Final = "Campaign"
SCHEDULES: Final = "schedule:"
"""How the ids of our schedules begin, and those of their runs; the schedule's name follows."""
TASK_QUEUE: Final = "conversation"
SEARCH_ATTRIBUTES: Final = {
    "ProsaAccount": "Keyword",
    "ProsaChannel": "Keyword",
    "ProsaFlow": "Keyword",
    "ProsaProtocol": "Keyword",
    "ProsaStage": "Keyword",
    "ProsaTags": "KeywordList",
}
"""What Temporal can list conversations by; no personal data."""


def erp_queue(connection: str) -> str:
    """Return the task queue of the ERP calls of *connection*."""
    return f"erp:{connection}"
