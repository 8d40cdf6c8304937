from datetime import timedelta

import pytest
from pydantic import JsonValue, ValidationError

from domain.message import Callback, Inbound
from tests.flows.fakes import RUN_ENDS, START, FakeConversation, RunEndedError, card, detour, inbound

WAIT = "{id: paid, card: wait_event, event: payment, timeout: 2h, exits: {timeout: remind}}"
BREAKABLE = "{id: paid, card: wait_event, event: payment, timeout: 2h, interruptible: true, exits: {timeout: remind}}"
KEEPING = """{id: paid, card: wait_event, event: payment, timeout: 2h, save_as: payment,
set: {value: "{{ data.value }}", note: "pago: {{ data.value | money }}"}, exits: {timeout: remind}}"""


def told(data: JsonValue = None, event: str = "payment") -> Inbound:
    return inbound(callback=Callback(key=f"c1:{event}", event=event, data=data))


async def test_it_waits_until_the_event_is_told() -> None:
    conversation = FakeConversation(("40m", told()))

    assert await card(WAIT).play(conversation) == "received"
    assert conversation.now == START + timedelta(minutes=40)
    until = (START + timedelta(hours=2)).isoformat()
    assert conversation.events == [("event_awaited", {"event": "payment", "until": until, "interruptible": False})]


async def test_it_does_not_wait_for_ever() -> None:
    conversation = FakeConversation()

    assert await card(WAIT).play(conversation) == "timeout"
    assert conversation.now == START + timedelta(hours=2)
    assert conversation.data("event_missed") == [{"event": "payment"}]


async def test_it_keeps_what_was_told() -> None:
    conversation = FakeConversation(("1m", told({"value": 89.9, "by": "pix"})))

    await card(KEEPING).play(conversation)
    assert conversation.variables == {
        "payment": {"value": 89.9, "by": "pix"},
        "value": 89.9,
        "note": "pago: R$ 89,90",
    }
    assert [data["variable"] for data in conversation.data("variable_set")] == ["value", "note"]


async def test_what_the_contact_says_meanwhile_stays_unread_in_order() -> None:
    conversation = FakeConversation(("1m", "oi"), ("1m", "paguei"), ("1m", told()))

    assert await card(WAIT).play(conversation) == "received"
    assert [message.text for message in conversation.unread] == ["oi", "paguei"]


async def test_an_interruptible_wait_ends_with_a_message_and_leaves_it_to_the_next_card() -> None:
    conversation = FakeConversation(("1m", "oi"), ("1m", told()))

    assert await card(BREAKABLE).play(conversation) == "interrupted"
    assert [message.text for message in conversation.unread] == ["oi"]


async def test_a_keyword_is_heard_in_an_interruptible_wait() -> None:
    conversation = FakeConversation(("1m", "menu"))
    conversation.keywords = {"menu"}

    assert await card(BREAKABLE).play(conversation) == detour("menu")
    assert conversation.unread == []


async def test_a_new_run_waits_only_for_what_is_left() -> None:
    conversation = FakeConversation(("30m", RUN_ENDS))
    with pytest.raises(RunEndedError):
        await card(WAIT).play(conversation)

    following = conversation.continued()
    assert await card(WAIT).play(following) == "timeout"
    assert following.now == START + timedelta(hours=2)
    assert following.data("event_awaited") == []


def test_only_an_interruptible_one_has_the_exit() -> None:
    assert [way.name for way in card(WAIT).ways_out()] == ["received", "timeout"]
    assert [way.name for way in card(BREAKABLE).ways_out()] == ["received", "timeout", "interrupted"]


def test_the_contact_may_have_been_silent_for_as_long_as_the_event_took() -> None:
    assert card(WAIT).silence("received") == card(WAIT).silence("timeout") == timedelta(hours=2)
    assert card(BREAKABLE).silence("interrupted") is None


@pytest.mark.parametrize(
    ("keys", "mistake"),
    [
        ("", "Field required"),
        ("timeout: 1h, exits: {interrupted: menu}", "the exit 'interrupted' needs 'interruptible: true'"),
    ],
)
def test_a_wait_that_makes_no_sense_is_refused(keys: str, mistake: str) -> None:
    with pytest.raises(ValidationError, match=mistake):
        card(f"{{id: paid, card: wait_event, event: payment, {keys}}}")
