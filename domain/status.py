"""Where a conversation stands, as its events say it: rules for the workflow's state and for the journal's table."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from domain.conversation import Priority, Snapshot, Stage
from domain.event import EventKind

WITH_PEOPLE: Final = frozenset[Stage]({"queue", "agent"})

_BEGIN: Final[Mapping[EventKind, Stage]] = {
    "survey_asked": "survey",
    "handed_over": "queue",
    "agent_joined": "agent",
    "conversation_ended": "ended",
    "conversation_terminated": "ended",
}
"""The stages that events begin."""


class Status(NamedTuple):
    """Stage, tags, priority and queue of a conversation, which follow from its events; no queue unless handed over."""

    stage: Stage
    tags: list[str]
    priority: Priority
    queue: str

    def after(self, kind: EventKind, data: Mapping[str, Any]) -> "Status":
        """Return how the conversation stands after an event of *kind*."""
        stage = stage_after(self.stage, kind)
        return Status(
            stage=stage,
            tags=tags_after(self.tags, kind, data),
            priority=priority_after(self.priority, kind, data),
            queue=str(data["queue"]) if kind == "handed_over" else self.queue if stage in WITH_PEOPLE else "",
        )


def status_of(state: Snapshot) -> Status:
    """Return how a conversation stands."""
    return Status(stage=state.stage, tags=state.tags, priority=state.priority, queue=state.queue)


def stage_after(stage: Stage, kind: EventKind) -> Stage:
    """Return the stage after an event of *kind*: surveys and people have it until their card is left."""
    if kind in _BEGIN:
        return _BEGIN[kind]
    return "bot" if stage not in {"bot", "ended"} and kind in {"exit_taken", "step_retried", "keyword_heard"} else stage


def tags_after(tags: Sequence[str], kind: EventKind, data: Mapping[str, Any]) -> list[str]:
    """Return the tags after an event, in the order in which they were added."""
    if kind == "tag_added" and data["tag"] not in tags:
        return [*tags, data["tag"]]
    if kind == "tag_removed":
        return [tag for tag in tags if tag != data["tag"]]
    return list(tags)


def priority_after(priority: Priority, kind: EventKind, data: Mapping[str, Any]) -> Priority:
    """Return the priority after an event."""
    return cast("Priority", data["priority"]) if kind == "priority_set" else priority
