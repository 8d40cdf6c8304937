"""An operator moves a conversation on: without Temporal, then on real workflows."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from domain.call import ErpAnswer
from domain.conversation import Intervention, Snapshot
from runtime.temporal_names import SIGNAL_INTERVENE
from tests.interpreter.world import World, flow, ok
from tests.scenarios import ONE_INVOICE, demo_erp, flows, switch
from tests.workflows.line import Line, line

ASK = """
  - id: ask
    card: ask_question
    text: "Qual o seu nome?"
    answer: text
    save_as: name
    timeout: 30m
    exits: {invalid: bye, no_answer: silent}
  - {id: greet, card: send_message, text: "Olá, {{ name }}!", next: bye}
  - {id: silent, card: send_message, text: "Até logo."}
  - {id: bye, card: close, resolution: resolved}
"""
CALLS = """
  - {id: inner, card: run_flow, flow: calls}
  - id: more
    card: ask_question
    text: "Mais alguma coisa?"
    answer: text
    save_as: name
    timeout: 30m
    exits: {invalid: bye, no_answer: bye}
  - {id: bye, card: close, resolution: resolved}
"""
CALL = """
  - id: find
    card: erp_call
    connection: billing
    operation: find_customer
    arguments: {document: "1"}
    save_as: name
    exits: {failed: away}
  - {id: found, card: send_message, text: "Achei {{ name }}.", next: end}
  - {id: away, card: send_message, text: "Fora do ar."}
"""


def intervention(
    kind: Literal["retry", "skip"], *, exit_name: str = "", late: int = 0
) -> Callable[[Snapshot], Intervention]:
    return lambda state: Intervention(kind=kind, by="ana", reason="r", seq=state.seq - late, exit=exit_name)


async def test_a_skipped_question_is_left_as_if_nobody_had_answered() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi")], interventions=[intervention("skip")])

    await world.play()

    assert world.said == ["Qual o seu nome?", "Até logo."]
    [skipped] = [event for event in world.events if event.kind == "wait_skipped"]
    assert (skipped.card, skipped.data) == ("ask", {"by": "ana", "reason": "r", "exit": "no_answer"})


async def test_a_skip_may_name_the_exit() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi")], interventions=[intervention("skip", exit_name="invalid")])

    await world.play()

    assert world.said == ["Qual o seu nome?"]


async def test_an_exit_that_the_card_does_not_have_is_not_taken() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi")], interventions=[intervention("skip", exit_name="elsewhere")])

    await world.play()

    assert world.said == ["Qual o seu nome?", "Até logo."]


async def test_a_wish_for_an_earlier_moment_is_ignored() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi")], interventions=[intervention("skip", late=1)])

    await world.play()

    assert "wait_skipped" not in world.kinds()
    assert "question_timed_out" in world.kinds()


async def test_a_turn_that_came_of_a_wish_does_not_run_ahead_of_the_history() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi")], interventions=[intervention("skip")])

    await world.play()

    [turn] = [effect for effect in world.delivered if "wait_skipped" in {event.kind for event in effect.events}]
    assert not turn.repeatable


async def test_a_failed_step_is_played_again_where_it_stood_also_when_its_flow_has_been_left() -> None:
    answers = {"find_customer": ErpAnswer(outcome="failed", reason="no answer")}
    world = World({"main": flow(CALLS), "calls": flow(CALL, "calls")}, [(0, "oi")], answers)

    def mend(state: Snapshot) -> Intervention:
        answers["find_customer"] = ok("Ana")
        return intervention("retry")(state)

    world.interventions = [mend]
    await world.play()

    assert world.said[:3] == ["Fora do ar.", "Mais alguma coisa?", "Achei Ana."]
    [retried] = [event for event in world.events if event.kind == "step_retried"]
    assert (retried.flow, retried.card, retried.data) == ("calls", "find", {"by": "ana", "reason": "r"})


async def test_a_retry_without_a_failed_step_is_ignored() -> None:
    world = World({"main": flow(ASK)}, [(0, "oi")], interventions=[intervention("retry")])

    await world.play()

    assert "step_retried" not in world.kinds()


async def test_what_failed_survives_a_new_run() -> None:
    answers = {"find_customer": ErpAnswer(outcome="failed")}
    script: list[tuple[float, str]] = [(0, "oi")]
    world = World({"main": flow(CALLS), "calls": flow(CALL, "calls")}, [*script], answers, turns_per_run=1)

    def mend(state: Snapshot) -> Intervention:
        answers["find_customer"] = ok("Ana")
        return intervention("retry")(state)

    world.interventions = [mend]
    await world.play()

    assert world.rests
    assert "Achei Ana." in world.said


async def _intervene(opened: Line, kind: Literal["retry", "skip"]) -> None:
    state = await opened.handle.query("snapshot", result_type=Snapshot)
    await opened.handle.signal(SIGNAL_INTERVENE, Intervention(kind=kind, by="ana", seq=state.seq))


async def test_a_call_that_nobody_wants_to_wait_for_fails_at_once_and_can_be_retried(tmp_path: Path) -> None:
    async with demo_erp(tmp_path) as erp, line(tmp_path, flows(), erp=erp, skip_time=False) as opened:
        for text in ("oi", "1"):
            await opened.say(text)
            await opened.quiet()
        await switch(erp, down=True)
        await opened.say(ONE_INVOICE)
        await _called(opened)
        await _intervene(opened, "skip")
        await opened.until(lambda said: any("não está respondendo" in text for text in said))
        await opened.quiet()
        await switch(erp)
        await _intervene(opened, "retry")
        await opened.until(lambda said: any("Boleto 5001" in text for text in said))
        kinds = [line.kind for line in await opened.lines()]
        assert "step_failed" not in kinds


async def _called(opened: Line) -> None:
    for _ in range(1_200):
        if (await opened.handle.describe()).raw_description.pending_activities:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the ERP is not called")
