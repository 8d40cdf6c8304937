"""Checking a flow costs in proportion to its length, whatever it is long of."""

import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import pytest

from domain.entry import Entry
from domain.errors import FlowError
from domain.suggestion import COMPARISONS
from flows.check import load_and_check
from flows.checks.entries import check_entries
from flows.understanding.phrases import mentions, says

FEW, MANY = 60, 240
GROWTH = 1.1 * MANY / FEW
"""How much more work the longer one may be; with the square of its length it is `(MANY / FEW) ** 2`."""
HEAD = "spec: 1\nflow: long\nfallback: end\nsilence: {timeout: 30m}\n"
VARIABLE = "variables: {v: {type: text, default: a}}\n"
ASK = "cards:\n  - id: ask\n    card: ask_question\n    text: Qual?\n    answer: choice\n    save_as: v\n    options:\n"


def options(line: str) -> Callable[[int], str]:
    """Return a flow with one question of as many options as one likes."""
    return lambda count: HEAD + VARIABLE + ASK + "".join(f"      - {line.replace('@', str(n))}\n" for n in range(count))


def cards(line: str) -> Callable[[int], str]:
    """Return a flow of as many cards as one likes, with as many variables."""

    def text(count: int) -> str:
        variables = "".join(f"  v{n}: {{type: text, default: a}}\n" for n in range(count))
        return f"{HEAD}variables:\n{variables}cards:\n" + "".join(
            f"  - {line.replace('@', str(n))}\n" for n in range(count)
        )

    return text


def below(beginning: str, line: str) -> Callable[[int], str]:
    """Return a flow whose only card is as long as one likes."""
    return lambda count: (
        f"{HEAD}{VARIABLE}cards:\n{beginning}" + "".join(f"      {line.replace('@', str(n))}\n" for n in range(count))
    )


LONG = {
    "options": options("{label: Opção @, value: op@, go: end}"),
    "conditions of options": options("{label: Opção @, value: op@, if: \"v == 'a@'\", go: end}"),
    "wrong targets of options": options("{label: Opção @, value: op@, go: nowhere@}"),
    "wrong names in options": options('{label: "{{ wrong@ }}", value: op@, go: end}'),
    "wrong keys of options": options("{label: Opção @, gone: end}"),
    "cases": below("  - id: c\n    card: condition\n    when:\n", "- {if: \"v == 'a@'\", go: end}"),
    "variants": below("  - id: c\n    card: send_message\n    text: a\n    variants:\n", "- {channel: c@, text: a}"),
    "inputs": below("  - id: c\n    card: run_flow\n    flow: long\n    inputs:\n", "w@: a"),
    "cards": cards("{id: c@, card: send_message, text: 'oi {{ v@ }}'}"),
    "circles": cards("{id: c@, card: send_message, text: oi, next: c0}"),
    "waits": cards("{id: c@, card: delay, for: 10s}"),
    "calls of flows": cards("{id: c@, card: run_flow, flow: other@}"),
    "events": cards("{id: c@, card: wait_event, event: e@, timeout: 1h}"),
}


def calls(work: Callable[[], object]) -> int:
    """Return how many functions *work* calls, which is the same on any machine."""
    count = 0

    def seen(_frame: FrameType, event: str, _given: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def check(text: str) -> None:
    with suppress(FlowError):
        load_and_check(text, "long.yaml", None, {})


@pytest.mark.parametrize("what", list(LONG))
def test_a_check_costs_in_proportion_to_the_length_of_the_flow(what: str) -> None:
    flow = LONG[what]
    check(flow(1))
    few, many = calls(lambda: check(flow(FEW))), calls(lambda: check(flow(MANY)))
    assert many <= few * GROWTH, (few, many)


def test_a_thousand_wrong_names_are_found_and_compared_for_a_limited_time() -> None:
    ids = "".join(f"  - {{id: card{n}, card: send_message, text: oi, next: crad{n}}}\n" for n in range(1_000))
    _, found = load_and_check(f"{HEAD}cards:\n{ids}", "long.yaml")
    wrong = [one.sentence for one in found if one.code == "P101"]
    assert len(wrong) == 1_000
    assert wrong[0].endswith("did you mean 'card0'?")
    assert sum("did you mean" in sentence for sentence in wrong) <= COMPARISONS // 1_000


def test_a_message_is_read_once_for_all_phrases_of_the_entry_points() -> None:
    phrases = [f"quero o plano {n}" for n in range(MANY)]
    text = "bom dia " + "palavra " * 500
    once = calls(lambda: mentions(text + "a", phrases[:1]) or says(text + "a", phrases[:1]))
    for phrase in phrases:
        mentions("", (phrase,))
        says("", (phrase,))
    many = calls(lambda: [mentions(text + "b", (phrase,)) or says(text + "b", (phrase,)) for phrase in phrases])
    assert many < once + 40 * MANY


def test_entry_points_are_still_compared_by_all_their_words() -> None:
    ways = [Entry(flow="a", says=("oi",)), Entry(flow="b", mentions=("plano novo",)), Entry(flow="c", says=("Oi!",))]
    assert [one.key for one in check_entries("site", ways, {})] == ["accounts.site.entries.3"]
