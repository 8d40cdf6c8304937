"""An answer that is typed in several messages, in the interpreter and on Temporal itself."""

from datetime import timedelta
from pathlib import Path

from tests.interpreter.world import World, flow
from tests.workflows.line import line

ASK = """
  - {id: ask, card: ask_question, text: "O que houve?", answer: text, save_as: name, settle: 4s, timeout: 30m,
     exits: {invalid: bye, no_answer: bye}}
  - {id: say, card: send_message, text: "Anotado: {{ name }}"}
  - {id: bye, card: close}
"""


async def test_what_is_typed_in_a_row_is_read_at_once_and_understood_together() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (10, "minha internet"), (12, "caiu"), (14, "ontem")])

    await world.play()

    assert world.said == ["O que houve?", "Anotado: minha internet caiu ontem"]
    assert [effect.consumed for effect in world.delivered[2:]] == [("e2",), ("e3",), ("e4",), ()]


async def test_what_arrived_together_waits_once() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (10, "minha internet"), (10, "caiu")])

    await world.play()

    assert world.said[1:] == ["Anotado: minha internet caiu"]
    assert [effect.consumed for effect in world.delivered[2:]] == [("e2", "e3"), ()]


async def test_the_end_of_typing_is_in_the_history_before_it_is_delivered() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi"), (10, "caiu")])

    await world.play()

    assert [effect.repeatable for effect in world.delivered[2:]] == [True, False]


async def test_fragments_survive_new_runs() -> None:
    typed = [(10.0 + 2 * n, f"parte {n}") for n in range(6)]
    world = World({"main": flow(ASK)}, [(0, "oi"), *typed], turns_per_run=2)

    await world.play()

    assert world.rests >= 2
    assert world.said[1:] == [f"Anotado: {' '.join(text for _, text in typed)}"]


async def test_fragments_are_joined_on_temporal(tmp_path: Path) -> None:
    async with line(tmp_path, {"main": flow(ASK)}) as opened:
        await opened.say("oi")
        await opened.until(lambda said: len(said) == 1)
        await opened.say("minha internet")
        await opened.say("caiu")
        await opened.quiet()
        assert len(await opened.said()) == 1
        await opened.pass_time(timedelta(seconds=5))
        said = await opened.until(lambda said: len(said) == 2)

        assert said[1] == "Anotado: minha internet caiu"
