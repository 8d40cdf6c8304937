from typing import Any, get_args

import pytest

from domain.conversation import Stage
from domain.event import EventKind
from domain.status import Status, stage_after, tags_after


def test_a_survey_is_a_stage_until_its_card_is_left() -> None:
    assert stage_after("bot", "survey_asked") == "survey"
    assert stage_after("survey", "survey_answered") == "survey"
    assert stage_after("survey", "exit_taken") == "bot"
    assert stage_after("survey", "step_retried") == "bot"
    assert stage_after("survey", "keyword_heard") == "bot"


@pytest.mark.parametrize("stage", [stage for stage in get_args(Stage) if stage != "ended"])
def test_a_conversation_ends_from_every_stage(stage: Stage) -> None:
    assert stage_after(stage, "conversation_ended") == "ended"
    assert stage_after(stage, "conversation_terminated") == "ended"


@pytest.mark.parametrize("kind", get_args(EventKind))
def test_only_what_begins_a_stage_takes_an_ended_conversation_back(kind: Any) -> None:
    begins = {"survey_asked": "survey", "handed_over": "queue", "agent_joined": "agent"}
    assert stage_after("ended", kind) == begins.get(kind, "ended")


def test_people_have_a_conversation_until_its_card_is_left() -> None:
    stands = Status(stage="bot", tags=[], priority="normal", queue="").after("handed_over", {"queue": "support"})
    assert (stands.stage, stands.queue) == ("queue", "support")
    stands = stands.after("message_received", {}).after("agent_joined", {"by": "bia"}).after("message_sent", {})
    assert (stands.stage, stands.queue) == ("agent", "support")
    stands = stands.after("handover_resolved", {"by": "bia"}).after("exit_taken", {"exit": "resolved"})
    assert (stands.stage, stands.queue) == ("bot", "")


def test_tags_stay_in_the_order_in_which_they_came_once_each() -> None:
    tags: list[str] = []
    for kind, tag in (("tag_added", "b"), ("tag_added", "a"), ("tag_added", "b"), ("tag_removed", "c")):
        tags = tags_after(tags, kind, {"tag": tag})  # pyright: ignore[reportArgumentType] - the loop forgets literals
    assert tags == ["b", "a"]
    assert tags_after(tags, "tag_removed", {"tag": "b"}) == ["a"]
    assert tags_after(tags, "note_added", {"text": "b"}) == ["b", "a"]


def test_a_conversation_stands_as_all_of_its_events_say() -> None:
    stands = Status(stage="bot", tags=[], priority="normal", queue="")
    stands = stands.after("priority_set", {"priority": "high"}).after("tag_added", {"tag": "vip"})
    assert stands.after("note_added", {"text": "low"}) == ("bot", ["vip"], "high", "")
