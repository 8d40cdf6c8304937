"""A mistake of ours outside any card does not stop a conversation: it is written down, and the conversation goes on."""

from typing import Any

import pytest

from interpreter import grace, interpreter
from interpreter.turn import Turn
from tests.interpreter.world import SETUP, World, flow

ASK = """
  - {id: ask, card: ask_question, answer: text, text: "Nome?", save_as: name, next: bye}
  - {id: bye, card: send_message, text: "Olá, {{ name }}!", next: end}
"""
PEOPLE = '  - {id: sorry, card: send_message, text: "Alguém já vem.", next: end}'


def world(fallback: str = "", more: str = "") -> World:
    flows = {"main": flow(ASK), "people": flow(PEOPLE, "people")}
    script = [(0.0, "oi"), (10.0, "Ana"), *([(20.0, more)] if more else [])]
    return World(flows, [*script], setup=SETUP.model_copy(update={"fallback": fallback}))


def break_once(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, after: int = 0, times: int = 1) -> None:
    """Have *name* of *owner* fail so many *times*, *after* some calls that work."""
    right, calls = getattr(owner, name), iter(range(1_000))

    def wrong(*arguments: Any, **more: Any) -> Any:
        if after <= next(calls) < after + times:
            raise OverflowError("date value out of range")
        return right(*arguments, **more)

    monkeypatch.setattr(owner, name, wrong)


def failures(played: World) -> list[tuple[str, str]]:
    return [(str(e.data["error"]), str(e.data["message"])) for e in played.events if e.kind == "step_failed"]


MISTAKE = [("mistake", "OverflowError: date value out of range")]


async def test_it_takes_the_companys_fallback(monkeypatch: pytest.MonkeyPatch) -> None:
    played = world("flow:people")
    break_once(monkeypatch, interpreter.Interpreter, "_load", after=2)

    await played.play()

    assert played.said == ["Nome?", "Alguém já vem."]
    assert failures(played) == MISTAKE
    assert played.state.resolution == "completed"


async def test_without_a_fallback_it_apologises_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    played = world()
    break_once(monkeypatch, interpreter.Interpreter, "_load", after=2)

    await played.play()

    assert played.said[1].startswith("Tive um problema")
    assert failures(played) == MISTAKE
    assert played.state.resolution == "error"


@pytest.mark.parametrize("fallback", ["", "flow:people"])
async def test_one_that_strikes_again_and_again_ends_too(fallback: str, monkeypatch: pytest.MonkeyPatch) -> None:
    played = world(fallback)
    break_once(monkeypatch, interpreter.Interpreter, "_load", after=1, times=900)

    await played.play()

    assert played.state.resolution == "error"
    assert 1 <= len(failures(played)) <= 6


async def test_one_in_the_grace_time_hands_what_is_unread_to_a_new_conversation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    played = world(more="obrigada")
    break_once(monkeypatch, grace, "is_thanks")

    following = await played.play()

    assert following is not None
    assert following.text == "obrigada"
    assert failures(played) == MISTAKE


async def test_one_before_anything_is_opened_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    break_once(monkeypatch, Turn, "open")
    with pytest.raises(OverflowError):
        await world().play()
