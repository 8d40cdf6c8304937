"""Another bot at the other end: it is noticed, told so once, and does not begin again."""

from itertools import cycle, islice

from domain.limits import LIMITS
from domain.message import Inbound
from tests.interpreter.world import START, World, flow, message

ECHO = """
  - {id: ask, card: ask_question, text: "Oi! Digite o CPF.", answer: cpf, save_as: name, attempts: 20, timeout: 1h,
     exits: {invalid: ask, no_answer: end}}
"""
BOT = ("Bem-vindo! Digite 1 ou 2.", "Não entendi.")


def talking(said: list[str | Inbound], **changes: object) -> World:
    script = [(float(10 * at), one) for at, one in enumerate(said)]
    return World({"main": flow(ECHO)}, script, **changes)  # pyright: ignore[reportArgumentType] - as given


async def test_a_bot_is_told_once_and_not_answered_any_more() -> None:
    world = talking(list(islice(cycle(BOT), LIMITS.robot_messages + 6)), turns_per_run=7)
    assert await world.play() is None
    assert world.state.resolution == "robot"
    assert world.said[-1].startswith("Acho que estou conversando com outro robô")
    assert [event.kind for event in world.events][-5:] == ["message_received"] * 5
    assert world.state.unread == []


async def test_a_person_who_says_different_things_is_none() -> None:
    said = [*islice(cycle((*BOT, "alô?")), LIMITS.robot_messages + 6)]
    world = talking([*said])
    await world.play()
    assert world.state.resolution != "robot"


async def test_a_tap_begins_the_count_anew() -> None:
    tap = message("", "tap", START).model_copy(update={"choice": "1"})
    half = [*islice(cycle(BOT), LIMITS.robot_messages - 5)]
    world = talking([*half, tap, *half])
    await world.play()
    assert world.state.resolution != "robot"
