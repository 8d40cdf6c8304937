from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.call import HttpAnswer
from domain.message import Inbound
from domain.people import Queue
from tests.flows.fakes import BOLETO, RUN_ENDS, START, UNDELIVERED, FakeConversation, RunEndedError, card, inbound

PASS = """
id: pass
card: transfer
queue: support
skills: [fibra]
note: "{{ contact.name }}, sem internet"
wait_up_to: 2h
"""
WAITS = FakeConversation().text("still_waiting")


async def test_it_is_said_where_to_how_soon_and_why_and_the_contact_is_told() -> None:
    conversation = FakeConversation(("1m", "resolve!troquei o cabo"))
    conversation.priority = "high"
    conversation.queue = Queue(title="Suporte")
    assert await card(PASS).play(conversation) == "resolved"
    assert conversation.data("handed_over") == [
        {
            "queue": "support",
            "agent": "",
            "priority": "high",
            "skills": ["fibra"],
            "note": "ana souza, sem internet",
            "until": (START + timedelta(hours=2)).isoformat(),
        }
    ]
    assert conversation.data("handover_resolved") == [{"by": "bia", "note": "troquei o cabo"}]
    assert conversation.heard == [conversation.text("handing_over", queue="Suporte")]


async def test_the_cards_own_priority_and_text_go_first() -> None:
    conversation = FakeConversation(("1m", "resolve!"))
    conversation.queue = Queue(title="Suporte")
    said = PASS + 'priority: urgent\nagent: "{{ contact.name }}"\ntext: "{{ queue }}, já vem."'
    await card(said).play(conversation)
    assert conversation.heard == ["Suporte, já vem."]
    assert conversation.events[0] == ("priority_set", {"priority": "urgent"})
    told = conversation.data("handed_over")[0]
    assert (told["priority"], told["agent"]) == ("urgent", "ana souza")


async def test_nobody_within_the_time_is_an_exit_and_nothing_ends_who_has_answered() -> None:
    conversation = FakeConversation()
    assert await card(PASS).play(conversation) == "no_agent"
    assert conversation.now == START + timedelta(hours=2)

    taken = FakeConversation(("119m", "take!"), ("30h", "say!Oi!"), ("30h", "resolve!"))
    assert await card(PASS).play(taken) == "resolved"
    assert taken.waits == [timedelta(hours=2), None, None]
    assert taken.data("agent_joined") == [{"by": "bia"}]
    assert taken.heard[1:] == ["bia: Oi!"]


@pytest.mark.parametrize("said", ["voltar", "menu", "Sair, por favor"])
async def test_who_does_not_want_to_wait_gives_up(said: str) -> None:
    assert await card(PASS).play(FakeConversation(("5m", "oi"), ("5m", said))) == "gave_up"


async def test_with_a_person_there_the_bot_hears_nothing() -> None:
    conversation = FakeConversation(("5m", "say!Oi!"), ("50m", "voltar"), ("50m", "sair"), ("50m", "resolve!"))
    assert await card(PASS).play(conversation) == "resolved"
    assert conversation.heard[1:] == ["bia: Oi!"]


async def test_what_is_written_meanwhile_is_answered_once_in_a_while() -> None:
    photo = Inbound(event_id="p", at=START, text="voltar", files=(BOLETO,))
    script: list[tuple[str, str | Inbound]] = [(after, "alô?") for after in ("1m", "5m", "5m", "1m", "8m", "2m")]
    conversation = FakeConversation(*script, ("1m", photo), ("1m", inbound("", choice="voltar")))
    assert await card(PASS).play(conversation) == "no_agent"
    assert conversation.heard[1:] == [WAITS, WAITS]


async def test_out_of_hours_nobody_is_waited_for() -> None:
    conversation = FakeConversation()
    conversation.now = START + timedelta(hours=12)  # at midnight of a Saturday
    conversation.queue = Queue(calendar="main")
    assert await card(PASS).play(conversation) == "out_of_hours"
    assert (conversation.events, conversation.heard) == ([], [])


async def test_what_the_calendar_of_the_queue_says_is_kept() -> None:
    conversation = FakeConversation(("1m", "resolve!"))
    kept = card(PASS + "save_as: hours")
    assert kept.sets() == {"save_as": "hours"}
    assert await kept.play(conversation) == "resolved"
    assert "hours" not in conversation.variables

    conversation.now = START + timedelta(hours=12)
    conversation.queue = Queue(calendar="main")
    conversation.forget()
    assert await kept.play(conversation) == "out_of_hours"
    hours = {"open": False, "opens_at": "2026-11-23T08:00:00-03:00", "closes_at": None, "holiday": ""}
    assert conversation.variables["hours"] == hours
    assert conversation.data("variable_set") == [{"variable": "hours", "value": hours}]


@pytest.mark.parametrize("outcome", ["ok", "failed"])
async def test_the_receiver_of_the_queue_is_told_whatever_comes_of_it(outcome: str) -> None:
    conversation = FakeConversation(("1m", "resolve!"), erp={"team": HttpAnswer(outcome=outcome)})
    conversation.queue = Queue(webhook="team")
    assert await card(PASS).play(conversation) == "resolved"
    (effect,) = conversation.effects
    assert (effect.called, effect.event) == ("webhook.team", "handed_over")
    told = {
        "queue": "support",
        "agent": "",
        "priority": "normal",
        "skills": ["fibra"],
        "note": "ana souza, sem internet",
    }
    where = {"card": "pass", "protocol": "20261121-000001", "account": "site", "contact": "ana souza"}
    assert effect.data == {**told, **where}


async def test_it_goes_on_waiting_in_a_new_run_and_when_a_message_was_not_delivered() -> None:
    conversation = FakeConversation(("1m", UNDELIVERED), ("1m", "take!"), ("1m", RUN_ENDS))
    with pytest.raises(RunEndedError):
        await card(PASS).play(conversation)
    later = conversation.continued(("1m", "say!Voltei"), ("1m", "resolve!"))
    assert await card(PASS).play(later) == "resolved"
    assert later.data("handed_over") == later.data("agent_joined") == []
    assert later.heard == ["bia: Voltei"]


def test_a_priority_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="is no priority"):
        card(PASS + "priority: soon")
