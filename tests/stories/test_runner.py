"""Stories on the production workflow: what passes, and the first difference of what does not."""

from collections.abc import Mapping

import pytest

import domain.call
import domain.effect
from flows.reader import read_flow
from stories import parallel
from stories.fake_activities import FakeActivities
from stories.outcome import Outcome
from stories.reader import StoryFile, read_stories

FLOW = """
spec: 1
flow: shop
fallback: sorry
variables:
  color: {type: text, default: none yet}
  stock: {type: record}
  photos: {type: list}
cards:
  - {id: mark, card: reference_point, name: began}
  - {id: label, card: tag, add: [new]}
  - id: ask
    card: ask_question
    text: "Which color?"
    answer: choice
    options: [{label: Red, value: red}, {label: Blue, value: blue}]
    save_as: color
    attempts: 2
    invalid: ["Red or blue?"]
    reminders: [{after: 5m, text: "Still there?"}]
    timeout: 30m
    exits: {invalid: sorry, no_answer: bye, undelivered: sorry}
  - id: find
    card: erp_call
    connection: depot
    operation: count
    arguments: {color: "{{ color }}"}
    save_as: stock
    progress: {after: 4s, text: "One moment"}
    exits: {not_found: sorry, rejected: sorry, failed: sorry}
  - id: tell
    card: send_message
    text: "We have {{ stock.count }} in {{ color }}{{ ', ' ~ conversation.referral if conversation.referral }}."
    typing: 5s
    links: [{title: See it, url: "https://shop.example/{{ color }}"}]
  - {id: sheet, card: send_file, file: stock.sheet, caption: "All of it"}
  - {id: manual, card: send_file, url: "https://shop.example/manual.pdf", name: "{{ color }}.pdf"}
  - {id: where, card: send_location, latitude: -27.1, longitude: -52.6, name: Shop, address: "1, Main Street"}
  - {id: who, card: send_contact, name: Ann, phones: ["123"]}
  - {id: deal, card: send_template, template: deal, parameters: ["{{ contact.name }}"]}
  - id: photo
    card: ask_question
    text: "A photo?"
    answer: text
    save_as: color
    files_as: photos
    settle: 4s
    timeout: 1d
    exits: {invalid: bye, no_answer: bye}
  - {id: bye, card: close, resolution: done}
  - {id: sorry, card: send_message, text: "Sorry", variants: [{language: pt, text: Desculpe}]}
"""

GIVEN = """
flow: shop
channel: http
templates: {deal: "A deal, {{ 1 }}?"}
given:
  depot.count: {count: 3, sheet: {file: stock.pdf}}
  http.manual: {file: manual.pdf}
stories:
"""

HEAR = """
      - contact: hello
      - bot: Which color?
"""
COUNT = """
      - taps: Red
      - bot: We have 3 in red.
        links: {See it: "https://shop.example/*"}
      - bot: All of it
        file: stock.pdf
      - bot: ""
        file: red.pdf
      - bot: Shop*
        location: Shop
      - bot: "Ann\\n123"
        contact_card: Ann
      - bot: A deal, Ana Souza?
        template: deal
      - bot: A photo?
"""
LINK = f"""{HEAR}
      - taps: Red
      - bot: We have 3 in red, fair.
      - ...
      - silence: 1d
      - ended: done
"""
BYE = """
      - silence: 1d
      - ended: done
"""

RIGHT: Mapping[str, str] = {
    "said, tapped, given, sent, ended": HEAR + COUNT + BYE,
    "options are compared": HEAR.rstrip() + "\n        options: [Red, Blue]" + COUNT + BYE,
    "a day passes in no time, reminder and time limit in order": HEAR
    + """
      - silence: 5m
      - bot: Still there?
      - silence: 24m
      - variables: {color: none yet}
      - silence: 1m
      - ended: done
""",
    "a late answer begins anew": HEAR
    + """
      - silence: 2d
      - bot: Still there?
      - ended: done
      - contact: red
      - bot: Which color?
""",
    "the same message twice counts once": HEAR.replace("hello", "hello\n        twice: true") + COUNT + BYE,
    "whatever is said": """
      - contact: hello
      - ...
      - taps: Red
      - ...
      - bot: A photo?
      - ...
""",
    "inside is looked at": HEAR
    + """
      - tags: [new]
      - priority: normal
      - known: {name: "", fields: {}}
      - reference_points: [began]
      - contact: blue
      - called: depot.count
        arguments: {color: blue}
      - exits: [ask.answered, find.done]
      - exits: [shop.tell.done]
      - variables: {color: blue}
      - ...
""",
    "a place is no choice": HEAR + "\n      - shares: {latitude: 1, longitude: 2}\n      - bot: Red or blue?",
    "a file is an answer where files may come": HEAR
    + COUNT
    + "\n      - sends: photo.jpg\n      - silence: 4s\n      - exits: [photo.answered]\n      - ended: done",
    "a file is no choice": HEAR + "\n      - sends: photo.jpg\n        caption: this one\n      - bot: Red or blue?",
}
"""Stories that pass, by what they show."""

GIVEN_RIGHT: Mapping[str, tuple[str, str]] = {
    "it takes its time": (
        "{depot.count: {answer: {count: 3, sheet: {file: stock.pdf}}, after: 6s}}",
        HEAR + "\n      - taps: Red\n      - bot: One moment\n      - bot: We have 3*\n      - ...",
    ),
    "it takes longer than its patience": (
        "{depot.count: {answer: 1, after: 1h}}",
        HEAR + "\n      - taps: Red\n      - bot: One moment\n      - bot: Sorry\n      - ended: completed",
    ),
    "one answer a call": (
        "{depot.count: {calls: [not_found, failed]}}",
        (HEAR + "\n      - taps: Red\n      - bot: Sorry\n      - ended: completed\n") * 2,
    ),
    "a file that is not to be had": (
        "{http.manual: rejected}",
        HEAR + "\n      - taps: Red\n      - ...\n      - bot: Sorry\n      - ended: completed",
    ),
    "a flow that cannot be read": (
        "{shop: failed}",
        "\n      - contact: hello\n      - ...\n      - ended: error",
    ),
}

UNDELIVERED = HEAR + "\n      - bot: Sorry\n      - ended: completed"

PASS = "the step `- silence: 4s` lets the time pass"

WRONG: Mapping[str, tuple[str, str, str]] = {
    "another text": (
        "\n      - contact: hello\n      - bot: Which colour?",
        "Which colour?",
        "Which color?\n[Red] [Blue]",
    ),
    "another option": (
        HEAR.rstrip() + "\n        options: [Red]",
        "Which color?\n[Red]",
        "Which color?\n[Red] [Blue]",
    ),
    "a message too many": (
        "\n      - contact: hello\n      - contact: red",
        "nothing more before the contact's turn (red)",
        "Which color?\n[Red] [Blue]",
    ),
    "a message at the end": ("\n      - contact: hello", "the story to be over", "Which color?\n[Red] [Blue]"),
    "an end too many": (
        HEAR + "\n      - silence: 1h\n      - bot: Still there?",
        "the story to be over",
        "ended: done",
    ),
    "silence of the bot": (
        HEAR + "\n      - bot: And?",
        "And?",
        "nothing: it waits at card 'ask' of flow 'shop'",
    ),
    "another end": (HEAR + "\n      - silence: 1h\n      - bot: S*\n      - ended: gone", "ended: gone", "ended: done"),
    "no such option": (HEAR + "\n      - taps: Green", "an option 'Green' to tap", "'Red', 'Blue'"),
    "another file": (
        HEAR + COUNT.replace("stock.pdf", "other.pdf"),
        "All of it\n[file other.pdf]",
        "All of it\n[file stock.pdf]",
    ),
    "another address": (
        HEAR + COUNT.replace("shop.example/*", "shop.example/blue"),
        "We have 3 in red.\n[link See it https://shop.example/blue]",
        "We have 3 in red.\n[link See it https://shop.example/red]",
    ),
    "another template": (
        HEAR + COUNT.replace("template: deal", "template: due"),
        "A deal, Ana Souza?\n[template due]",
        "A deal, Ana Souza?\n[template deal]",
    ),
    "another place": (
        HEAR + COUNT.replace("location: Shop", "location: Depot"),
        "Shop*\n[location Depot]",
        "Shop\n1, Main Street\n[location Shop]",
    ),
    "another variable": (
        HEAR + "\n      - variables: {color: red}",
        "variables {'color': 'red'}",
        "variables {'color': 'none yet'} of flow 'shop'",
    ),
    "variables of no flow": (
        HEAR + "\n      - silence: 1h\n      - ...\n      - ended: done\n      - variables: {color: red}",
        "variables {'color': 'red'}",
        "the conversation has ended, and its variables with it",
    ),
    "nothing known": (
        HEAR + "\n      - known: {email: a@b.example}",
        "of the contact {'email': 'a@b.example'}",
        "{'email': ''}",
    ),
    "another priority": (HEAR + "\n      - priority: high", "priority high", "normal"),
    "other tags": (HEAR + "\n      - tags: []", "tags none", "new"),
    "other exits": (
        HEAR + "\n      - exits: [label.done, mark.done]",
        "exits label.done, mark.done",
        "mark.done, label.done",
    ),
    "other points": (HEAR + "\n      - reference_points: [ended]", "reference points ended", "began"),
    "another call": (
        HEAR + "\n      - taps: Red\n      - called: depot.count\n        arguments: {color: blue}",
        "a call of depot.count with {'color': 'blue'}",
        "depot.count with {'color': 'red'}; http.manual with {'url': 'https://shop.example/manual.pdf'}",
    ),
    "no call": (HEAR + "\n      - called: depot.count", "a call of depot.count", "none"),
    "never what was waited for": (
        "\n      - contact: hello\n      - ...\n      - bot: Never",
        "Never",
        "Which color?\n[Red] [Blue]\nand then it waits at card 'ask' of flow 'shop'",
    ),
    "an answer that may go on": (
        HEAR + COUNT + "\n      - contact: gladly\n      - ended: done",
        "ended: done",
        f"nothing: it waits at card 'photo' of flow 'shop', 4s for more of the answer; {PASS}",
    ),
}


def story(name: str, talk: str, more: str = "") -> str:
    return f"  - story: {name}\n{more}    talk:\n{talk}\n"


def stories() -> list[StoryFile]:
    text = GIVEN + "".join(story(name, talk) for name, talk in RIGHT.items())
    text += "".join(story(name, talk, f"    given: {given}\n") for name, (given, talk) in GIVEN_RIGHT.items())
    text += story("by a link", LINK, "    referral: fair\n")
    text += story("undelivered", UNDELIVERED, "    undelivered: [Which*]\n")
    portuguese = UNDELIVERED.replace("Sorry", "Desculpe")
    text += story("in Portuguese", portuguese, "    undelivered: [Which*]\n    contact: {language: pt-BR}\n")
    text += "".join(story(name, talk) for name, (talk, _, _) in WRONG.items())
    text += story(
        "no answer is given", HEAR + "\n      - taps: Red\n", "    given: {depot.count: {calls: [not_found]}}\n"
    ).replace("taps: Red\n", "taps: Red\n      - bot: Sorry\n      - ended: completed\n" + HEAR + "      - taps: Red\n")
    return read_stories(text, "s.yaml")


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    """All stories of this file, played on one server."""
    flow = read_flow(FLOW, "shop.yaml")
    return {outcome.story: outcome for outcome in parallel.play({"shop": flow}, stories(), 1, lambda _: None)}


@pytest.mark.parametrize("name", [*RIGHT, *GIVEN_RIGHT, "undelivered", "in Portuguese", "by a link"])
def test_a_story_that_says_what_happens_passes(outcomes: dict[str, Outcome], name: str) -> None:
    difference = outcomes[name].difference
    assert difference is None, (difference.args, outcomes[name].transcript)


@pytest.mark.parametrize("name", WRONG)
def test_the_first_difference_is_what_was_expected_and_what_was_found(outcomes: dict[str, Outcome], name: str) -> None:
    difference = outcomes[name].difference
    assert difference is not None
    assert (difference.expected, difference.found) == WRONG[name][1:]


def test_a_call_without_an_answer_is_a_difference(outcomes: dict[str, Outcome]) -> None:
    difference = outcomes["no answer is given"].difference
    assert difference is not None
    assert difference.found == "depot.count is called 2 times, and 'given' has fewer answers under 'calls'"


def test_the_difference_has_the_line_of_its_step_and_its_place_in_the_transcript(outcomes: dict[str, Outcome]) -> None:
    failed = outcomes["another text"]
    (told,) = [told for told in stories() if told.story.story == "another text"]
    assert failed.line == told.lines[1]
    assert failed.difference is not None
    assert failed.difference.at == 1
    assert [(line.who, line.text) for line in failed.transcript] == [
        ("contact", "hello"),
        ("bot", "Which color?\n[Red] [Blue]"),
    ]


def test_the_stage_has_every_activity() -> None:
    asked = [*vars(domain.effect).values(), *vars(domain.call).values()]
    effects = {one.activity for one in asked if "activity" in getattr(one, "__dict__", {})}
    known = {one.__temporal_activity_definition.name for one in FakeActivities({}).activities}  # pyright: ignore[reportFunctionMemberAccess] - the SDK's mark
    assert known >= effects
