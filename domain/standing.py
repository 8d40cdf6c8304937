"""Where a conversation stands, as its events say it: rules for the workflow's state and for the journal's table."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.conversation import Stage
from domain.event import EventKind


def stage_after(stage: Stage, kind: EventKind) -> Stage:
    """Return the stage after an event of *kind*: a survey lasts until its card is left."""
    if kind in {"conversation_ended", "conversation_terminated"}:
        return "ended"
    if kind == "survey_asked":
        return "survey"
    return "bot" if stage == "survey" and kind in {"exit_taken", "step_retried"} else stage


def tags_after(tags: Sequence[str], kind: EventKind, data: Mapping[str, Any]) -> list[str]:
    """Return the tags after an event, in the order in which they were added."""
    if kind == "tag_added" and data["tag"] not in tags:
        return [*tags, data["tag"]]
    if kind == "tag_removed":
        return [tag for tag in tags if tag != data["tag"]]
    return list(tags)
