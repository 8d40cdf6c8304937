"""A proof is kept with the conversation, travels to the calls that want it, and ends with the conversation."""

from domain.call import ErpAnswer
from tests.interpreter.world import World, flow, ok

PROVE = """
  - id: prove
    card: confirm_identity
    by: address
    connection: billing
    customer: "C-1"
    exits: {refused: wait, impossible: wait, failed: wait}
  - id: wait
    card: ask_question
    text: Certeza?
    answer: text
    save_as: name
    timeout: 30m
    exits: {invalid: cancel, no_answer: bye}
    next: cancel
  - id: cancel
    card: erp_call
    connection: billing
    operation: cancel_contract
    arguments: {customer_id: "C-1"}
    exits: {failed: bye, not_found: bye, rejected: bye}
  - id: elsewhere
    card: erp_call
    connection: crm
    operation: cancel_contract
    arguments: {customer_id: "C-1"}
    exits: {failed: bye, not_found: bye, rejected: bye}
  - id: bye
    card: close
    resolution: resolved
"""


def world(result: str, *script: tuple[float, str], turns_per_run: int = 1_000) -> World:
    answers = {"check_address": ok(result), "cancel_contract": ErpAnswer()}
    return World({"main": flow(PROVE)}, list(script), answers, turns_per_run=turns_per_run)


def proved(played: World) -> list[tuple[str, tuple[str, ...]]]:
    return [(call.connection, call.proved) for call in played.calls]


async def test_a_proof_goes_along_with_the_calls_to_its_connection_alone() -> None:
    played = world("proved", (0, "oi"), (10, "sim"))
    await played.play()
    assert proved(played) == [("billing", ("C-1",)), ("crm", ())]
    (event,) = [event for event in played.events if event.kind == "identity_proved"]
    assert event.data == {"connection": "billing", "customer": "C-1", "by": "address"}


async def test_nothing_goes_along_without_a_proof() -> None:
    played = world("different", (0, "oi"), (10, "sim"))
    await played.play()
    assert proved(played) == [("billing", ()), ("crm", ())]


async def test_a_proof_survives_a_new_run() -> None:
    played = world("proved", (0, "oi"), (10, "sim"), turns_per_run=1)
    await played.play()
    assert played.rests > 0
    assert proved(played)[0] == ("billing", ("C-1",))


async def test_a_proof_ends_with_the_conversation() -> None:
    played = world("proved", (0, "oi"), (10, "sim"), (20, "oi de novo"))
    following = await played.play()
    assert following is not None
    assert played.state.proofs == []
