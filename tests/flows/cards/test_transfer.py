from datetime import timedelta

import pytest
from pydantic import JsonValue, ValidationError

from domain.call import EmailAnswer, HttpAnswer
from domain.duration import parse_duration
from domain.message import Inbound
from domain.people import Place, Queue
from flows.play_result import PlayResult
from tests.flows.fakes import (
    BOLETO,
    RUN_ENDS,
    START,
    UNDELIVERED,
    FakeConversation,
    RunEndedError,
    card,
    detour,
    inbound,
)

PASS = """
id: pass
card: transfer
queue: support
skills: [fibra]
note: "{{ contact.name }}, sem internet"
wait_up_to: 2h
"""
NEXT: dict[str, JsonValue] = {"position": 1, "estimate": ""}
WAITS = FakeConversation().text("still_waiting", **NEXT)


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
            "position": 1,
            "estimate": None,
        }
    ]
    assert conversation.data("handover_resolved") == [{"by": "bia", "note": "troquei o cabo"}]
    assert conversation.heard == [conversation.text("handing_over", queue="Suporte", **NEXT)]


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
    assert taken.waited_for == ["people", "bia", "bia"]
    assert taken.heard[1:] == ["bia: Oi!"]


@pytest.mark.parametrize("said", ["voltar", "menu", "Sair, por favor"])
async def test_who_does_not_want_to_wait_gives_up(said: str) -> None:
    conversation = FakeConversation(("5m", "oi"), ("5m", said))
    assert await card(PASS).play(conversation) == "gave_up"
    assert conversation.events[-1] == ("handover_given_up", {})


@pytest.mark.parametrize(
    ("said", "way"),
    [("menu", detour("menu")), ("quero sair", detour("leave")), ("voltar", "gave_up"), ("atendente", "no_agent")],
)
async def test_who_asks_for_the_menu_or_the_end_is_led_there(said: str, way: PlayResult) -> None:
    conversation = FakeConversation(("5m", said))
    conversation.keywords = {"menu", "back", "repeat", "agent", "leave"}
    assert await card(PASS).play(conversation) == way
    assert len(conversation.data("handover_given_up")) == (way != "no_agent")


async def test_with_a_person_there_the_bot_hears_nothing() -> None:
    conversation = FakeConversation(("5m", "say!Oi!"), ("50m", "voltar"), ("50m", "sair"), ("50m", "resolve!"))
    assert await card(PASS).play(conversation) == "resolved"
    assert conversation.heard[1:] == ["bia: Oi!"]


async def test_what_is_written_meanwhile_is_answered_once_in_a_while() -> None:
    photo = Inbound(message_id="p", at=START, text="voltar", files=(BOLETO,))
    script: list[tuple[str, str | Inbound]] = [(after, "alô?") for after in ("1m", "5m", "5m", "1m", "8m", "2m")]
    conversation = FakeConversation(*script, ("1m", photo), ("1m", inbound("", choice="voltar")))
    assert await card(PASS).play(conversation) == "no_agent"
    assert conversation.heard[1:] == [WAITS, WAITS]


async def test_who_waits_hears_whose_turn_it_is_and_how_long_that_takes_as_it_is_then() -> None:
    conversation = FakeConversation(("20m", "alô?"), ("1m", "tem alguém aí?"), ("9m", "oi?"))
    conversation.queue = Queue(title="Suporte")
    conversation.priority = "high"
    conversation.places = [Place(position=3, estimate=timedelta(minutes=30)), Place(position=2)]
    await card(PASS).play(conversation)
    first, second, third = conversation.heard
    assert "a 3ª pessoa da fila. O atendimento costuma começar em até 30 minutos." in first
    assert "a 2ª pessoa da fila. Se não" in second
    assert "a próxima pessoa da fila." in third
    asked = [(at.queue, at.priority, at.since - START, at.at - START) for at in conversation.places_asked]
    begin = timedelta(0)
    moments = (timedelta(0), timedelta(minutes=20), timedelta(minutes=30))
    assert asked == [("support", "high", begin, moment) for moment in moments]
    (promised,) = conversation.data("handed_over")
    assert (promised["position"], promised["estimate"]) == (3, 1_800)


async def test_a_text_of_the_flow_may_say_it_too() -> None:
    conversation = FakeConversation()
    conversation.places = [Place(position=2, estimate=timedelta(minutes=90))]
    said = card(PASS + 'text: "{{ position }}: {{ estimate }}"')
    assert set(said.names_inside()["text"]) == {"queue", "position", "estimate"}
    await said.play(conversation)
    assert conversation.heard == ["2: 1 hora e meia"]


@pytest.mark.parametrize(
    ("begins", "waits", "estimated"),
    [("2h", "1h", "45 minutos"), ("2h", "30m", ""), ("8h20m", "1h", ""), ("8h15m", "1h", "45 minutos")],
)
async def test_nothing_is_promised_for_when_nobody_is_there_or_waited_for(
    begins: str, waits: str, estimated: str
) -> None:
    conversation = FakeConversation()
    conversation.now = START + timedelta(days=2) + parse_duration(begins)  # a Monday; nine hours later it closes
    conversation.queue = Queue(calendar="main")
    conversation.places = [Place(estimate=timedelta(minutes=45))]
    await card(PASS.replace("2h", waits) + 'text: "{{ estimate }}"').play(conversation)
    assert conversation.heard == [estimated]


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


async def test_people_are_told_by_email_too() -> None:
    conversation = FakeConversation(("1m", "resolve!"), erp={"team": HttpAnswer(), "bosses": EmailAnswer()})
    conversation.queue = Queue(webhook="team", email="bosses")
    await card(PASS).play(conversation)
    posted, mailed = conversation.effects
    assert (mailed.called, mailed.event, mailed.data) == ("email.bosses", "handed_over", posted.data)


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
