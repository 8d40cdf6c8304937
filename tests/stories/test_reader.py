from datetime import timedelta

import pytest

from domain.errors import FlowError
from stories.given import Reply
from stories.reader import read_stories
from stories.steps import ANYTHING, Ends, Hears, Silence, Types, steps

ONE = """
story: o cliente some
flow: second_copy
given:
  billing.find_invoices: [{number: "1001"}]
  billing.find_customer: not_found
  billing.pay: {answer: {ok: true}, after: 6s}
  billing.open: {calls: [failed, {answer: {answer: 1}, after: 1m}, [1]]}
  other_flow: failed
talk:
  - contact: "oi"
  - ...
  - bot: "Para localizar*"
  - silence: 5m
  - ended: no_answer
"""

MANY = """
flow: second_copy
given: {billing.a: 1, billing.b: 2}
contact: {name: Rui}
stories:
  - story: one
    given: {billing.b: 3}
    talk:
      - contact: oi
  - story: two
    contact: {name: Eva}
    talk: [{contact: oi}]
"""

WRONG = """
flow: second copy
given:
  billing: 1
stories:
  - story: a
    gven: 1
    talk:
      - cntact: oi
      - bot: 1
      - contact: oi
        twise: true
      - silence: 5x
      - ....
      - taps: [a]
  - talk: []
"""


def refusal(text: str) -> list[str]:
    with pytest.raises(FlowError) as caught:
        read_stories(text, "s.yaml")
    return str(caught.value).splitlines()


def test_a_story_is_read_with_the_line_of_each_step() -> None:
    (told,) = read_stories(ONE, "s.yaml")
    assert told.story.story == "o cliente some"
    assert told.lines == (11, 12, 13, 14, 15)
    assert told.story.talk == (
        Types(contact="oi"),
        ANYTHING,
        Hears(bot="Para localizar*"),
        Silence(silence=timedelta(minutes=5)),
        Ends(ended="no_answer"),
    )


def test_an_answer_is_a_value_a_word_or_takes_its_time_or_differs_from_call_to_call() -> None:
    given = read_stories(ONE, "s.yaml")[0].story.given
    assert given["billing.find_invoices"].reply(7) == Reply(answer=[{"number": "1001"}])
    assert given["billing.find_customer"].reply(1) == Reply(answer="not_found")
    assert given["billing.pay"].reply(1) == Reply(answer={"ok": True}, after=timedelta(seconds=6))
    calls = [given["billing.open"].reply(number) for number in (1, 2, 3, 4)]
    assert calls == [
        Reply(answer="failed"),
        Reply(answer={"answer": 1}, after=timedelta(minutes=1)),
        Reply(answer=[1]),
        None,
    ]
    assert [Reply(answer=word).outcome for word in ("not_found", "failed", "nada", 3)] == [
        "not_found",
        "failed",
        "ok",
        "ok",
    ]


def test_what_a_file_says_once_holds_for_all_its_stories() -> None:
    one, two = read_stories(MANY, "s.yaml")
    assert {name: given.every and given.every.answer for name, given in one.story.given.items()} == {
        "billing.a": 1,
        "billing.b": 3,
    }
    assert (one.story.contact.name, two.story.contact.name) == ("Rui", "Eva")
    assert (one.line, two.line, one.lines, two.lines) == (6, 10, (9,), (12,))


def test_every_mistake_is_listed_with_line_story_step_and_nearest_name() -> None:
    answers = "answers are a value, not_found, rejected, failed, 'answer' with 'after', or 'calls'"
    known = f"{', '.join(steps)}, or ..."
    assert refusal(WRONG) == [
        "s.yaml:2: key 'flow': 'second copy' is not allowed: names have only a-z, 0-9 and _, and begin with a letter",
        f"s.yaml:3: key 'given': expected CONNECTION.OPERATION, or a flow with 'failed', found 'billing'; {answers}",
        "s.yaml:7: story 'a': unknown key 'gven', did you mean 'given'?",
        "s.yaml:9: story 'a': step 1: unknown step 'cntact', did you mean 'contact'?",
        "s.yaml:10: story 'a': step 2: key 'bot': expected a text, found the number 1; put it in quotes",
        "s.yaml:12: story 'a': step 3: unknown key 'twise', did you mean 'twice'?",
        "s.yaml:13: story 'a': step 4: key 'silence': expected a duration such as 45s, 5m, 1h30m or 2d, found '5x'",
        f"s.yaml:14: story 'a': step 5: expected a step ({known}), found '....'",
        "s.yaml:15: story 'a': step 6: key 'taps': expected a text, found a list",
        "s.yaml:16: story 2 of the list: key 'story' is missing",
        "s.yaml:16: story 2 of the list: key 'talk': expected at least one, found none",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "s.yaml:1: the file is empty"),
        ("- a", "s.yaml:1: expected a mapping with the keys 'story', 'flow' and 'talk'"),
        ("story: a\nflow: b", "s.yaml:1: key 'talk' is missing"),
        ("story: a\nflow: b\ntalk: [{contact: oi}]\ngiven: {a.b: {calls: []}}", "one answer for each call"),
        ("story: a\nflow: b\ntalk: [{contact: oi}]\ngiven: {a.b: {answer: 1, after: x}}", "expected a duration"),
        ("story: a\nflow: b\ntalk: [{contact: oi}]\ngiven: {queue.main: {place: 3}}", "expected a place in a queue"),
        ("story: a\nflow: b\nstories: [{story: a, talk: [{contact: oi}]}]", "unknown key 'story'"),
    ],
)
def test_what_is_no_story_is_refused(text: str, said: str) -> None:
    assert said in "\n".join(refusal(text))
