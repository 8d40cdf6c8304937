"""Circles that no flow shows by itself."""

import pytest

from flows.checks.circles import check_circles
from flows.flow import Flow
from flows.reader import read_flow

SAY = "{id: say, card: send_message, text: oi}"
ASK = "{id: ask, card: await_interaction, timeout: 1h, exits: {no_answer: end}}"
OPEN = "{id: open, card: open_conversation, account: phones, address: a, flow: %s, exits: {already_open: end}}"
RUN = "{id: run, card: run_flow, flow: %s}"
GO = "{id: go, card: go_to, go: 'flow:%s'}"


def flows(**cards: tuple[str, ...]) -> dict[str, Flow]:
    texts = {
        name: f"{{spec: 1, flow: {name}, fallback: end, cards: [{', '.join(written)}]}}"
        for name, written in cards.items()
    }
    return {name: read_flow(text, name) for name, text in texts.items()}


def found(known: dict[str, Flow]) -> dict[str, str]:
    return {
        name: f"{finding.code} {finding.sentence}"
        for name, flow in known.items()
        for finding in check_circles(flow, {other: known[other] for other in known if other != name})
    }


def test_flows_that_take_over_from_each_other_without_waiting_go_round() -> None:
    known = flows(a=(SAY, GO % "b"), b=(SAY, GO % "c"), c=(SAY, GO % "a"), d=(SAY, GO % "a"))
    assert found(known) == {
        "a": "P115 the flows 'a', 'b', 'c' can go round for ever without waiting for the contact",
        "b": "P115 the flows 'b', 'c', 'a' can go round for ever without waiting for the contact",
        "c": "P115 the flows 'c', 'a', 'b' can go round for ever without waiting for the contact",
    }


def test_a_flow_that_is_played_again_and_again_and_never_waits_goes_round() -> None:
    known = flows(a=(SAY, RUN % "b", "{id: again, card: go_to, go: say}"), b=(SAY, RUN % "c"), c=(SAY,))
    assert found(known) == {"a": "P115 flow 'b' can come back without waiting, and is played again, for ever"}


def test_a_flow_that_runs_itself_at_once_goes_round() -> None:
    assert list(found(flows(a=(SAY, RUN % "a")))) == ["a"]
    assert list(found(flows(a=(RUN % "b",), b=(SAY, RUN % "a")))) == ["a", "b"]


@pytest.mark.parametrize(
    "known",
    [
        flows(a=(SAY, GO % "b"), b=(SAY, ASK, GO % "a")),
        flows(a=(SAY, RUN % "b", "{id: again, card: go_to, go: say}"), b=(SAY, ASK)),
        flows(a=(SAY, RUN % "b", ASK, GO % "a"), b=(SAY,)),
        flows(a=(SAY, RUN % "gone"), b=(GO % "gone",)),
        flows(a=(ASK, OPEN % "b"), b=(ASK, OPEN % "a")),
        flows(a=(SAY, GO % "b"), b=(SAY, OPEN % "c"), c=(SAY,)),
    ],
)
def test_what_waits_somewhere_does_not(known: dict[str, Flow]) -> None:
    assert found(known) == {}


def test_conversations_that_open_conversations_though_nobody_says_a_word_are_told_of() -> None:
    silent = ASK.replace("no_answer: end", "no_answer: open")
    assert found(flows(a=(SAY, OPEN % "a"))) == {
        "a": "P116 the flows 'a' open one conversation after the other while nobody says a word"
    }
    known = flows(a=(RUN % "sub",), sub=("{id: rest, card: delay, for: 1h}", OPEN % "b"), b=(silent, OPEN % "a"))
    assert sorted(found(known)) == ["b"], "the flow that opens is where it can be mended"
    assert sorted(found(flows(a=(SAY, OPEN % "b"), b=(silent, OPEN % "a")))) == ["a", "b"]
