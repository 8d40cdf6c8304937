from datetime import timedelta

import pytest

from domain.message import Location
from tests.flows.fakes import BOLETO, RUN_ENDS, START, UNDELIVERED, FakeConversation, RunEndedError, card, inbound

WAIT = """
id: wait
card: await_interaction
save_as: news
reminders: [{after: 10m, text: "E aí?"}, {after: 20m, text: "Alô?"}]
timeout: 1h
exits: {no_answer: bye}
"""


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (inbound("pronto"), {"text": "pronto"}),
        (inbound(choice="yes"), {"choice": "yes"}),
        (inbound(files=(BOLETO,)), {"files": [BOLETO.model_dump()]}),
        (
            inbound(location=Location(latitude=-27, longitude=-52)),
            {"location": {"latitude": -27, "longitude": -52, "name": "", "address": ""}},
        ),
    ],
)
async def test_whatever_is_sent_ends_the_wait_and_is_kept(message: object, kept: dict[str, object]) -> None:
    conversation = FakeConversation(("5m", message))  # pyright: ignore[reportArgumentType] - parametrized
    assert await card(WAIT).play(conversation) == "received"
    empty: dict[str, object] = {"text": "", "choice": None, "files": [], "location": None}
    assert conversation.variables["news"] == {**empty, **kept}
    assert [data["variable"] for data in conversation.data("variable_set")] == ["news"]


async def test_silence_is_reminded_of_and_then_taken_for_an_answer() -> None:
    conversation = FakeConversation()
    assert await card(WAIT).play(conversation) == "no_answer"
    assert conversation.heard == ["E aí?", "Alô?"]
    assert conversation.now == START + timedelta(hours=1)
    assert conversation.data("question_timed_out") == [{"asked_at": START.isoformat()}]


async def test_without_a_timeout_it_waits_a_day() -> None:
    conversation = FakeConversation()
    assert await card("{id: wait, card: await_interaction}").play(conversation) == "no_answer"
    assert conversation.now == START + timedelta(days=1)


async def test_a_message_that_is_too_long_is_waited_for_again() -> None:
    conversation = FakeConversation(("5m", inbound("blá", truncated=True)), ("1m", "pronto"))
    assert await card(WAIT).play(conversation) == "received"
    assert conversation.now == START + timedelta(minutes=6)


async def test_a_new_run_neither_waits_longer_nor_reminds_twice() -> None:
    conversation = FakeConversation(("15m", RUN_ENDS))
    with pytest.raises(RunEndedError):
        await card(WAIT).play(conversation)
    following = conversation.continued()
    assert await card(WAIT).play(following) == "no_answer"
    assert following.heard == ["Alô?"]
    assert following.now == START + timedelta(hours=1)


async def test_what_was_not_delivered_has_an_exit_or_is_waited_out() -> None:
    leads = WAIT.replace("no_answer: bye", "no_answer: bye, undelivered: call")
    assert await card(leads).play(FakeConversation(("1s", UNDELIVERED))) == "undelivered"
    assert await card(WAIT).play(FakeConversation(("1s", UNDELIVERED), ("1m", "oi"))) == "received"
    assert [way.name for way in card(WAIT).ways_out()] == ["received", "no_answer"]
