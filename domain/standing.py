"""Where a conversation stands, as its events say it: rules for the workflow's state and for the journal's table."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from domain.conversation import Priority, Snapshot, Stage
from domain.event import EventKind


class Standing(NamedTuple):
    """What of a conversation follows from its events, and is shown of it."""

    stage: Stage
    tags: list[str]
    priority: Priority

    def after(self, kind: EventKind, data: Mapping[str, Any]) -> "Standing":
        """Return how the conversation stands after an event of *kind*."""
        return Standing(
            stage=stage_after(self.stage, kind),
            tags=tags_after(self.tags, kind, data),
            priority=priority_after(self.priority, kind, data),
        )


def standing(state: Snapshot) -> Standing:
    """Return how a conversation stands."""
    return Standing(stage=state.stage, tags=state.tags, priority=state.priority)


def stage_after(stage: Stage, kind: EventKind) -> Stage:
    """Return the stage after an event of *kind*: a survey lasts until its card is left."""
    if kind in {"conversation_ended", "conversation_terminated"}:
        return "ended"
    if kind == "survey_asked":
        return "survey"
    return "bot" if stage == "survey" and kind in {"exit_taken", "step_retried", "keyword_heard"} else stage


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
