import pytest
from pydantic import ValidationError

from domain.conversation import Frame, Setup, Snapshot
from domain.delivery import Delivered, PartOutcome
from domain.limits import LIMITS, Limits
from domain.message import Inbound, Part
from domain.model import Memory, Value, Written


class Point(Value):
    x: int
    y: int = 0


class Recipe(Written):
    title: str


class Count(Memory):
    times: int = 0


def test_a_limit_cannot_be_changed_while_prosa_runs() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        LIMITS.cards_per_turn = 2  # type: ignore[misc]
    assert Limits() == LIMITS


def test_a_value_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Point(x=1).x = 2  # type: ignore[misc]


def test_a_value_from_newer_code_is_read_by_older_code() -> None:
    assert Point.model_validate({"x": 1, "z": 9}) == Point(x=1)


def test_a_key_that_nobody_knows_is_a_mistake_in_what_people_write() -> None:
    with pytest.raises(ValidationError, match="titel"):
        Recipe.model_validate({"title": "a", "titel": "b"})


def test_a_memory_may_change_but_keeps_its_types() -> None:
    count = Count()
    count.times += 1
    assert count.times == 1
    with pytest.raises(ValidationError):
        count.times = "often"  # type: ignore[assignment]


def test_a_snapshot_survives_as_json() -> None:
    unread = Inbound.model_validate({"message_id": "e", "at": "2026-11-21T12:00:00Z", "text": "oi"})
    frame = Frame(flow="main", version="v", memory={"attempt": 2}, result={"a": [1, None]})
    snapshot = Snapshot(conversation_id="c", frames=[frame], unread=[unread], seen=["e"], seq=7, tags=["vip"])
    assert Snapshot.model_validate_json(snapshot.model_dump_json()) == snapshot


def test_a_snapshot_of_an_older_version_has_defaults_for_what_it_did_not_know() -> None:
    assert Snapshot.model_validate({"conversation_id": "c"}).frames == []
    setup = {"account": "a", "channel": "http", "flow": "main", "contact": {"address": "1"}}
    assert Setup.model_validate(setup).turns_per_run == LIMITS.turns_per_run


def test_only_queued_parts_are_pending() -> None:
    states = ("queued", "sending", "sent", "delivered", "read", "failed", "unknown")
    parts = tuple(PartOutcome(seq=seq, state=state) for seq, state in enumerate(states))
    assert Delivered(parts=parts).pending == (0,)


def test_a_part_needs_its_key() -> None:
    with pytest.raises(ValidationError, match="seq"):
        Part.model_validate({"text": "oi"})
