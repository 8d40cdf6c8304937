from datetime import timedelta

import pytest
from pydantic import JsonValue

from domain.call import CallErp, ErpAnswer
from tests.flows.fakes import FakeConversation, card

FIND = """
id: find
card: erp_call
connection: billing
operation: list_open_invoices
arguments: {customer_id: "{{ customer.id }}", status: open, limit: "{{ limit }}"}
save_as: invoices
progress: {after: 4s, text: "Um instante..."}
patience: 90s
exits: {not_found: nobody, failed: sorry}
"""
KNOWN: dict[str, JsonValue] = {"customer": {"id": "C-1"}, "limit": 5}


async def test_it_calls_the_operation_and_keeps_the_answer() -> None:
    answer = ErpAnswer(value=[{"number": "7841"}], attempts=2)
    conversation = FakeConversation(variables=KNOWN, erp={"list_open_invoices": answer}, slow="3s")
    assert await card(FIND).play(conversation) == "done"
    assert conversation.effects == [
        CallErp(
            connection="billing",
            operation="list_open_invoices",
            arguments={"customer_id": "C-1", "status": "open", "limit": 5},
            key="c1:1",
            card="find",
            patience=timedelta(seconds=90),
        )
    ]
    assert conversation.variables["invoices"] == [{"number": "7841"}]
    assert conversation.data("erp_called") == [
        {
            "connection": "billing",
            "operation": "list_open_invoices",
            "outcome": "ok",
            "attempts": 2,
            "seconds": 3.0,
        }
    ]


async def test_progress_is_handed_to_whoever_waits() -> None:
    conversation = FakeConversation(variables=KNOWN, erp={"list_open_invoices": ErpAnswer()})
    await card(FIND).play(conversation)
    (progress,) = conversation.progress
    assert progress is not None
    assert (progress.after, progress.text) == (timedelta(seconds=4), "Um instante...")


@pytest.mark.parametrize(
    ("outcome", "exit_name"),
    [("not_found", "not_found"), ("rejected", "rejected"), ("failed", "failed"), ("something new", "failed")],
)
async def test_every_other_outcome_takes_its_exit_and_stores_nothing(outcome: str, exit_name: str) -> None:
    answer = ErpAnswer(outcome=outcome, value="secret", reason="no")
    conversation = FakeConversation(variables=KNOWN, erp={"list_open_invoices": answer})
    assert await card(FIND).play(conversation) == exit_name
    assert "invoices" not in conversation.variables
    assert conversation.data("erp_called")[0]["outcome"] == outcome


async def test_it_is_tried_for_two_minutes_when_nothing_is_said() -> None:
    conversation = FakeConversation(erp={"ping": ErpAnswer()})
    await card("{id: a, card: erp_call, connection: billing, operation: ping}").play(conversation)
    (effect,) = conversation.effects
    assert isinstance(effect, CallErp)
    assert effect.patience == timedelta(minutes=2)


def test_only_done_falls_through() -> None:
    ways = {way.name: (way.target, way.falls_through) for way in card(FIND).ways_out()}
    assert ways == {
        "done": (None, True),
        "not_found": ("nobody", False),
        "rejected": (None, False),
        "failed": ("sorry", False),
    }


def test_it_says_what_it_reads_and_sets() -> None:
    assert card(FIND).texts() == {"progress.text": "Um instante..."}
    assert set(card(FIND).values()) == {"arguments.customer_id", "arguments.status", "arguments.limit"}
    assert card(FIND).sets() == {"save_as": "invoices"}
