"""What the reference says of expressions is so."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from domain.conversation import Contact, Setup, Snapshot
from flows.expressions.expression import evaluate
from flows.expressions.filters import filters
from flows.reference.expressions import NAMES, WRITTEN, chapter
from interpreter.card_context import expression_names

KNOWN: dict[str, object] = {
    "customer": {"name": "Ana"},
    "invoices": [{"due": "2026-12-10"}],
    "plans": ["fibra"],
    "total": "10.00",
    "due": "2026-12-10",
    "contact": {"name": "Ana"},
}


@pytest.mark.parametrize("written", [written for written, _ in WRITTEN])
def test_every_example_can_be_read(written: str) -> None:
    evaluate(written.split("`")[1], KNOWN)


def test_the_names_are_those_that_every_conversation_has() -> None:
    setup = Setup(account="site", channel="webchat", flow="main", contact=Contact(address="1"))
    found = expression_names(setup, Snapshot(conversation_id="c"), datetime.now(UTC))
    known = {f"`{path}`" for path in _paths(cast("dict[str, Any]", found))} | {"`answers.CARD`"}
    assert known == {name for name, _ in NAMES}


def _paths(facts: dict[str, Any]) -> list[str]:
    inside = {name: cast("dict[str, Any]", value) for name, value in facts.items() if isinstance(value, dict)}
    return [name for name in facts if name not in inside] + [
        f"{name}.{part}" for name, parts in inside.items() for part in parts
    ]


def test_every_filter_is_told_by_its_own_words() -> None:
    (rows,) = [topic.rows for topic in chapter().topics if topic.name == "Filters"]
    assert [written.strip("`").removesuffix("(...)") for written, _ in rows] == list(filters)
    assert all(about for _, about in rows)
