"""The types of events write what the journal has always held, and read it again."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from domain.event import Event, EventKind
from domain.events.kinds import KINDS, read
from domain.events.messages import Heard, MessageSent, heard, sent
from domain.events.questions import QuestionTimedOut
from domain.message import Content, FileRef, Inbound, Option, Outreach
from domain.model import Value

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
GOLDEN: list[dict[str, Any]] = json.loads(Path(__file__).with_name("golden_events.json").read_text(encoding="utf-8"))
"""Rows as the journal holds them, with their fingerprints: they change only until the first release."""


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: row["kind"])
def test_a_row_of_the_journal_is_read_and_written_again_as_it_was(row: dict[str, Any]) -> None:
    event = read(row["kind"], row["data"])
    assert event is not None
    assert event.data == row["data"]
    again = Event(seq=1, kind=event.kind, at=NOW, data=event.data)
    assert again.fingerprint() == row["fingerprint"]


def test_the_golden_rows_show_every_kind_that_the_journal_names() -> None:
    assert {row["kind"] for row in GOLDEN} == set(KINDS) == set(get_args(EventKind))
    assert all(KINDS[kind].model_fields["kind"].default == kind for kind in KINDS)


def _shapes(type_: type[Value], *without: str) -> dict[str, tuple[object, object]]:
    return {name: (f.annotation, f.default) for name, f in type_.model_fields.items() if name not in without}


def test_what_was_read_keeps_every_field_of_what_came_in_but_its_time_and_origin() -> None:
    assert _shapes(Heard, "late") == _shapes(Inbound, "at", "origin")


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_says_what_happened_and_every_field_what_it_holds(kind: str) -> None:
    type_ = KINDS[kind]
    assert (type_.__doc__ or "").strip()
    assert [name for name, field in type_.model_fields.items() if name != "kind" and not field.description] == []
    assert kind == "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in type_.__name__)[1:]


@pytest.mark.parametrize(("kind", "data"), [("robot_sang", {"song": "la"}), ("survey_answered", {"score": "many"})])
def test_a_kind_or_data_that_is_unknown_here_is_read_as_none(kind: str, data: dict[str, Any]) -> None:
    assert read(kind, data) is None


def test_fields_of_a_later_version_do_not_keep_an_event_from_being_read() -> None:
    event = read("tag_added", {"tag": "vip", "colour": "red"})
    assert event is not None
    assert event.data == {"tag": "vip"}


def test_what_is_said_and_heard_is_written_whole() -> None:
    assert set(Inbound.model_fields) - {"at", "origin"} <= set(KINDS["message_received"].model_fields)
    assert set(Content.model_fields) <= set(MessageSent.model_fields)
    content = Content(
        text="Olá", options=(Option(id="a", label="A"),), file=FileRef(id="f", name="n", mime="m", size=1)
    )
    assert sent(content, "bia").data == {"by": "bia", **content.model_dump(mode="json", exclude_defaults=True)}


def test_what_the_company_begins_and_what_systems_tell_are_kinds_of_their_own() -> None:
    message = Inbound(message_id="e", at=NOW, text="oi")
    assert heard(message, late=True).data == {"message_id": "e", "text": "oi", "late": True}
    assert heard(message.model_copy(update={"outreach": Outreach(flow="main")})).kind == "conversation_initiated"


def test_a_moment_is_written_with_its_offset() -> None:
    assert QuestionTimedOut(asked_at=NOW).data == {"asked_at": "2026-11-21T12:00:00+00:00"}
