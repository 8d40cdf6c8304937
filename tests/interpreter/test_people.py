"""What is known of contacts, and passing them to people, in the interpreter."""

import pytest

from domain.contact import Known
from domain.conversation import CloseRequest, Intervention
from domain.limits import LIMITS
from domain.people import Act, Queue
from tests.interpreter.world import World, flow

KEEP = """
  - id: keep
    card: update_contact
    email: "{{ 'ana@correio.example' if not contact.email else '' }}"
    fields: {visits: "{{ (contact.fields.visits or []) }}", last: "{{ conversation.protocol }}"}
  - {id: greet, card: send_message, text: "{{ contact.name }}, {{ contact.email }}, {{ contact.fields.last }}"}
  - {id: bye, card: close}
"""


async def test_what_is_learnt_of_a_contact_outlives_the_conversation() -> None:
    world = World({"main": flow(KEEP)}, [(0, "oi")])
    await world.play()
    known = Known(email="ana@correio.example", fields={"last": "20261121-000001"})
    assert (world.known, world.state.known) == (known, known)

    later = World({"main": flow(KEEP)}, [(0, "oi")], known=known.updated(Known(name="Aninha")))
    await later.play()
    assert later.said == ["Aninha, ana@correio.example, 20261121-000001"]
    assert "contact_updated" not in later.kinds()


async def test_so_much_is_known_of_a_contact_and_no_more() -> None:
    cards = f"""
  - {{id: keep, card: update_contact, fields: {{long: "{"a" * LIMITS.template_source}"}}}}
  - {{id: more, card: update_contact, fields: {{more: "{"b" * LIMITS.template_source}"}}}}
  - {{id: again, card: update_contact, fields: {{again: "{"c" * LIMITS.template_source}"}}}}
  - {{id: bye, card: close}}
"""
    several = Known(fields={"before": "d" * (LIMITS.contact - 3 * LIMITS.template_source)})
    world = World({"main": flow(cards, more="fallback: bye")}, [(0, "oi")], known=several)

    await world.play()

    (failed,) = [event for event in world.events if event.kind == "step_failed"]
    assert (failed.card, str(failed.data["message"])[:36]) == ("again", "what is known of the contact would h")
    assert set(world.known.fields) == {"before", "long", "more"}


PASS = """
  - {id: pass, card: transfer, wait_up_to: 2h, exits: {no_agent: nobody, gave_up: menu, out_of_hours: closed}}
  - {id: back, card: send_message, text: "Resolvido?"}
  - {id: bye, card: close}
  - {id: nobody, card: close, resolution: nobody}
  - {id: menu, card: close, resolution: menu}
  - {id: closed, card: close, resolution: closed}
"""


def act(kind: str, text: str = "", handover: int = -1) -> Act:
    return Act.model_validate({"kind": kind, "by": "bia", "text": text, "handover": handover})


def world(*script: tuple[float, str], acts: tuple[tuple[float, Act], ...] = (), runs: int = 1_000) -> World:
    return World({"main": flow(PASS)}, [(0, "oi"), *script], acts=list(acts), turns_per_run=runs)


def resolution(played: World) -> object:
    return next(event.data["resolution"] for event in played.events if event.kind == "conversation_ended")


@pytest.mark.parametrize("runs", [1_000, 1])
async def test_people_answer_and_the_flow_goes_on_whatever_is_continued_meanwhile(runs: int) -> None:
    acts = ((120, act("say", "Oi, aqui é a Bia.")), (240, act("resolve", "cabo trocado")))
    played = world((60, "alô?"), (180, "que bom"), acts=acts, runs=runs)

    await played.play()

    assert [line.partition(" ")[0] for line in played.said] == ["Vou", "Oi,", "Resolvido?"]
    kinds = [kind for kind in played.kinds() if kind in {"handed_over", "agent_joined", "handover_resolved"}]
    assert kinds == ["handed_over", "agent_joined", "handover_resolved"]
    assert played.kinds().count("message_received") == 3
    (said,) = [event for event in played.events if event.data.get("by") == "bia" and event.kind == "message_sent"]
    assert said.data["text"] == "Oi, aqui é a Bia."
    assert (played.state.stage, played.state.handover, played.state.queue) == ("ended", None, "")
    assert (played.rests > 0) == (runs == 1)
    waits = [shown.partition(" at card")[0] for shown in played.shown if " at card 'pass'" in shown]
    assert list(dict.fromkeys(waits)) == ["waits for people", "waits for bia"]


async def test_an_act_that_is_meant_for_another_handover_is_ignored() -> None:
    played = world(acts=((60, act("resolve", handover=1)), (120, act("say", "Oi", handover=2))))
    await played.play()
    assert resolution(played) == "nobody"
    assert "handover_resolved" not in played.kinds()


async def test_acts_that_come_where_nobody_waits_for_people_do_nothing() -> None:
    cards = "  - {id: ask, card: await_interaction, timeout: 1h, exits: {no_answer: end}}"
    played = World({"main": flow(cards)}, [(0, "oi")], acts=[(60, act("resolve")), (4000, act("say", "Oi"))])
    await played.play()
    assert resolution(played) == "completed"
    assert played.state.acts == []


async def test_a_turn_that_came_of_a_person_does_not_run_ahead_of_the_history() -> None:
    played = world(acts=((60, act("say", "Oi")), (120, act("resolve"))))
    await played.play()
    acted = [
        effect for effect in played.delivered if {e.kind for e in effect.events} & {"agent_joined", "handover_resolved"}
    ]
    assert [effect.repeatable for effect in acted] == [False, False]


async def test_a_turn_that_tells_a_place_in_a_queue_does_not_run_ahead_of_the_history() -> None:
    played = world((700, "alô?"))
    await played.play()
    told = [effect for effect in played.delivered if any("pessoa da fila" in part.text for part in effect.parts)]
    assert [effect.repeatable for effect in told] == [False, False]


async def test_it_may_be_ended_or_let_go_on_from_outside() -> None:
    skipped = world()
    skipped.interventions = [lambda state: Intervention(kind="skip", by="ops", seq=state.seq, exit="no_agent")]
    await skipped.play()
    assert resolution(skipped) == "nobody"

    closed = world((60, "alô?"))
    closed.closing = CloseRequest(by="ops")
    await closed.play()
    assert resolution(closed) == "closed"


async def test_a_queue_that_nobody_knows_fails_the_card() -> None:
    played = World({"main": flow(PASS, more="fallback: closed")}, [(0, "oi")], queues={"other": Queue()})
    await played.play()
    assert resolution(played) == "closed"
    assert "step_failed" in played.kinds()
