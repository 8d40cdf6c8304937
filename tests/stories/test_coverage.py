from datetime import UTC, datetime

from pydantic import JsonValue

from domain.event import Event, EventKind
from flows.reader import read_flow
from stories.coverage import coverage
from stories.coverage_page import page
from stories.outcome import Difference, Line, Outcome

FLOW = read_flow(
    """
spec: 1
flow: shop
title: <Shop>
cards:
  - id: ask
    card: ask_question
    text: "Which color?"
    answer: choice
    options: [{label: Red, value: red}, {label: Blue}]
    reminders: [{after: 5m, text: "Still there?"}, {after: 10m, text: "Hello?"}]
    timeout: 30m
    exits: {invalid: bye, no_answer: bye}
  - {id: bye, card: send_message, text: "Bye"}
""",
    "shop.yaml",
)


def event(kind: EventKind, card: str = "ask", **data: JsonValue) -> Event:
    return Event(seq=1, kind=kind, at=datetime(2026, 11, 21, tzinfo=UTC), card=card, flow="shop", data=data)


ASKED = event("message_sent", text="Which color?")
ANSWERED = event("question_answered", value="red")
TAKEN = event("exit_taken", exit="answered")
BYE = event("message_sent", "bye", text="Bye")
LEFT = event("exit_taken", "bye", exit="done")
ENDED = event("conversation_ended", "bye")


def reached(*events: Event, asserted: tuple[int, ...] = (), looked: tuple[int, ...] = ()) -> set[str]:
    outcome = Outcome("s", "shop", "s.yaml", 1, 1, events=events, asserted=frozenset(asserted), looked=looked)
    return {f"{item.kind}:{item.spelled}" for item in coverage([FLOW], [outcome]).reached}


def test_everything_that_a_story_may_reach_is_counted() -> None:
    assert [f"{item.kind}:{item.spelled}" for item in coverage([FLOW], []).missed] == [
        "cards:ask",
        "exits:ask.answered",
        "exits:ask.invalid",
        "exits:ask.no_answer",
        "timeouts:ask.no_answer",
        "options:ask.Red",
        "options:ask.Blue",
        "reminders:ask.1",
        "reminders:ask.2",
        "cards:bye",
        "exits:bye.done",
    ]


def test_gaps_name_a_missed_card_once_and_a_time_limit_by_its_exit() -> None:
    outcome = Outcome("s", "shop", "s.yaml", 1, 1, events=(ASKED,))
    assert [(item.spelled, item.key) for item in coverage([FLOW], [outcome]).gaps] == [
        ("ask.answered", "exits.answered"),
        ("ask.invalid", "exits.invalid"),
        ("ask.no_answer", "exits.no_answer"),
        ("ask.Red", "options.0.label"),
        ("ask.Blue", "options.1.label"),
        ("ask.1", "reminders.0.text"),
        ("ask.2", "reminders.1.text"),
        ("bye", ""),
    ]


def test_an_exit_counts_when_the_story_says_what_follows() -> None:
    events = (ASKED, ANSWERED, TAKEN, BYE, LEFT, ENDED)
    cards = {"cards:ask", "cards:bye", "options:ask.Red"}
    assert reached(*events, asserted=(0,)) == cards
    assert reached(*events, asserted=(0, 3)) == cards | {"exits:ask.answered"}
    assert reached(*events, asserted=(5,)) == cards | {"exits:bye.done"}


def test_an_exit_counts_when_the_story_looks_before_anything_more_is_said() -> None:
    events = (ASKED, ANSWERED, TAKEN, BYE)
    assert "exits:ask.answered" in reached(*events, looked=(3,))
    assert "exits:ask.answered" not in reached(*events, looked=(4,))
    assert "exits:bye.done" in reached(*events, LEFT, looked=(5,))


def test_options_are_told_by_value_or_label_and_reminders_by_number() -> None:
    assert reached(event("question_answered", value="Blue")) == {"cards:ask", "options:ask.Blue"}
    assert reached(event("reminder_sent", number=2)) == {"cards:ask", "reminders:ask.2"}


def test_a_time_limit_is_reached_with_its_exit() -> None:
    taken = event("exit_taken", exit="no_answer")
    assert reached(taken, BYE, asserted=(1,)) >= {"exits:ask.no_answer", "timeouts:ask.no_answer"}


def test_the_page_shows_what_was_missed_and_escapes_what_people_wrote() -> None:
    failed = Outcome("<script>", "shop", "s.yaml", 1, 7, [Line("bot", "a < b")], Difference("x", "y"))
    failed.events = (ASKED, ANSWERED, TAKEN)
    shown = page([FLOW], [failed], coverage([FLOW], [failed]))
    assert "&lt;Shop&gt;" in shown
    assert "a &lt; b" in shown
    assert "<script>" not in shown
    assert '<span class="item good">☐ Red</span>' in shown
    assert '<span class="item bad">☐ Blue</span>' in shown
    assert "1 stories, 1 failed" in shown


def test_what_a_flow_says_of_silence_is_to_be_reached_in_each_of_its_questions() -> None:
    cards = """
cards:
  - {id: ask, card: ask_question, text: "A?", answer: text, save_as: a, exits: {invalid: end, no_answer: end}}
  - {id: own, card: ask_question, text: "B?", answer: text, save_as: a, reminders: [], exits: {no_answer: end}}
"""
    said = "silence: {timeout: 1h, reminders: [{after: 5m, text: Oi?}]}"
    flow = read_flow(f"spec: 1\nflow: shop\nvariables: {{a: {{type: text}}}}\n{said}{cards}", "shop.yaml")
    reminders = [item.spelled for item in coverage([flow], []).missed if item.kind == "reminders"]
    assert reminders == ["ask.1"]
