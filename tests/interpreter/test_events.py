"""Events that other systems tell: kept until a card waits for them, read once, never lost at the end of a run."""

from domain.conversation import Intervention, Snapshot
from domain.message import Inbound
from tests.interpreter.world import World, flow, told

VARIABLES = "name: {type: text}\n  url: {type: text}\n  data: {type: record}"
PAY = """
  - {id: address, card: expect_event, event: payment, save_url_as: url}
  - {id: tell, card: send_message, text: "Pague: {{ url }}"}
  - {id: paid, card: wait_event, event: payment, timeout: 1h, save_as: data, exits: {timeout: remind}}
  - {id: thank, card: send_message, text: "Recebi {{ data.value | money }}", next: ask}
  - {id: remind, card: send_message, text: "Ainda não recebi."}
  - {id: ask, card: ask_question, text: "Mais alguma coisa?", answer: text, save_as: name, timeout: 1h,
     exits: {invalid: end, no_answer: end}}
"""
BREAKABLE = PAY.replace("save_as: data, exits: {", "save_as: data, interruptible: true, exits: {interrupted: ask, ")
ASK_FIRST = PAY.replace(
    "  - {id: paid",
    """  - {id: sure, card: ask_question, text: "Pagou?", answer: text, save_as: name, timeout: 1d,
     exits: {invalid: end, no_answer: end}}
  - {id: paid""",
)
ROUND = PAY.replace("timeout: remind}", "timeout: again}") + "  - {id: again, card: go_to, go: paid}\n"
KEY = "e1:4"
"""Conversation and seq of the event `event_expected`."""


def world(cards: str, *script: tuple[float, str | Inbound], turns_per_run: int = 1_000) -> World:
    return World({"main": flow(cards, variables=VARIABLES)}, [(0, "oi"), *script], turns_per_run=turns_per_run)


async def test_the_key_of_the_address_is_that_of_the_event_that_expects_it() -> None:
    played = world(PAY, (60, told(KEY, {"value": "10"})))
    await played.play()

    (expected,) = [event for event in played.events if event.kind == "event_expected"]
    assert f"e1:{expected.seq}" == KEY
    assert played.said[:2] == [f"Pague: https://example.com/events/{KEY}", "Recebi R$ 10,00"]


async def test_an_event_that_comes_before_its_card_waits_is_kept_for_it() -> None:
    played = world(ASK_FIRST, (60, told(KEY, {"value": "10"})), (7_200, "sim"))
    await played.play()

    assert played.said[1:] == ["Pagou?", "Recebi R$ 10,00", "Mais alguma coisa?"]


async def test_an_event_is_no_answer_to_a_question() -> None:
    played = world(ASK_FIRST, (60, told(KEY)))
    await played.play()

    assert "question_answered" not in played.kinds()
    assert played.said[1:] == ["Pagou?"]


async def test_an_event_counts_once_however_often_it_is_told() -> None:
    event = told(KEY, {"value": "10"})
    played = world(PAY, (60, event), (61, event), (70, "não"))
    await played.play()

    assert played.kinds().count("event_received") == 1
    consumed = [message_id for effect in played.delivered for message_id in effect.consumed]
    assert consumed.count(event.message_id) == 1


async def test_what_the_contact_says_while_an_event_is_waited_for_answers_the_next_question() -> None:
    played = world(PAY, (30, "já vou"), (60, told(KEY, {"value": "10"})))
    await played.play()

    answers = [event.data["value"] for event in played.events if event.kind == "question_answered"]
    assert answers == ["já vou"]


async def test_the_contact_interrupts_a_wait_that_allows_it_and_the_event_is_kept() -> None:
    played = world(BREAKABLE, (30, "oi?"), (60, told(KEY, {"value": "10"})))
    await played.play()

    exits = [event.data["exit"] for event in played.events if event.card == "paid" and event.kind == "exit_taken"]
    assert exits == ["interrupted"]
    (late,) = [event for event in played.events if event.kind == "event_received"]
    assert late.data["late"] is True


async def test_an_interruption_is_in_the_history_before_it_is_delivered_as_an_event_would_go_first() -> None:
    played = world(BREAKABLE, (30, "oi?"))
    await played.play()

    (turn,) = [effect for effect in played.delivered if effect.events[0].data.get("exit") == "interrupted"]
    assert not turn.repeatable


async def test_an_event_that_has_not_come_in_time_may_be_waited_for_again() -> None:
    played = world(ROUND, (4_000, told(KEY, {"value": "10"})))
    await played.play()

    assert played.kinds().count("event_missed") == 1
    assert "Recebi R$ 10,00" in played.said


async def test_an_event_is_waited_for_through_new_runs() -> None:
    played = world(PAY, (10, "um"), (20, "dois"), (30, "três"), (60, told(KEY, {"value": "10"})), turns_per_run=1)
    await played.play()

    assert played.rests > 1
    assert "Recebi R$ 10,00" in played.said


async def test_an_event_is_kept_through_new_runs() -> None:
    played = world(ASK_FIRST, (60, told(KEY, {"value": "10"})), (80, "sim"), turns_per_run=1)
    await played.play()

    assert played.rests > 1
    assert "Recebi R$ 10,00" in played.said


async def test_an_event_that_no_card_has_waited_for_is_read_at_the_end_and_opens_nothing() -> None:
    played = world(PAY, (4_000, "não"), (4_010, told(KEY)))
    assert await played.play() is None

    (late,) = [event for event in played.events if event.kind == "event_received"]
    assert late.data["late"] is True
    assert any(late.data["message_id"] in effect.consumed for effect in played.delivered)


async def test_a_new_conversation_begins_with_what_the_contact_says_not_with_an_event() -> None:
    played = world(PAY, (4_000, "não"), (4_010, told(KEY)), (4_010, "oi de novo"))
    following = await played.play()

    assert following is not None
    assert following.text == "oi de novo"
    assert played.state.unread == []


async def test_a_card_waits_for_no_event_that_has_been_told_before() -> None:
    cards = PAY.replace("next: ask}", "next: paid}")
    played = world(cards, (60, told(KEY, {"value": "10"})))
    await played.play()

    (failed,) = [event for event in played.events if event.kind == "step_failed"]
    assert "expect_event" in str(failed.data["message"])


async def test_somebody_of_the_company_skips_the_wait_by_its_silent_exit() -> None:
    def skip(state: Snapshot) -> Intervention:
        return Intervention(kind="skip", by="Bia", seq=state.seq)

    played = world(PAY)
    played.interventions = [skip]
    await played.play()

    (skipped,) = [event for event in played.events if event.kind == "wait_skipped"]
    assert skipped.data["exit"] == "timeout"
