import re
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.event import Event

SAID = Event(
    seq=4,
    kind="message_sent",
    at=datetime(2026, 11, 21, 12, tzinfo=UTC),
    card="greet",
    flow="main",
    version="v1",
    data={"text": "Olá", "options": ["a"]},
)


def test_the_same_event_has_the_same_fingerprint_whenever_it_is_written() -> None:
    later = SAID.model_copy(update={"at": datetime(2026, 11, 22, tzinfo=UTC)})
    assert later.fingerprint() == SAID.fingerprint()


def test_the_order_of_its_data_makes_no_difference() -> None:
    turned = SAID.model_copy(update={"data": {"options": ["a"], "text": "Olá"}})
    assert turned.fingerprint() == SAID.fingerprint()


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 5},
        {"kind": "message_failed"},
        {"card": "bye"},
        {"card": None},
        {"flow": "other"},
        {"version": "v2"},
        {"data": {"text": "Olá"}},
        {"data": {"text": "Ola", "options": ["a"]}},
    ],
)
def test_an_event_that_says_something_else_has_another_fingerprint(change: dict[str, Any]) -> None:
    assert SAID.model_copy(update=change).fingerprint() != SAID.fingerprint()


def test_a_fingerprint_survives_the_journal() -> None:
    again = Event.model_validate_json(SAID.model_dump_json())
    assert again.fingerprint() == SAID.fingerprint()
    assert re.fullmatch("[0-9a-f]{16}", SAID.fingerprint())


def test_a_fingerprint_never_changes_because_rows_are_compared_with_it() -> None:
    assert SAID.fingerprint() == "39f3003ad29fa7f5"
