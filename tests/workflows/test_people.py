"""What is known of contacts, and passing them to people, in the interpreter."""

from domain.contact import Known
from domain.limits import LIMITS
from tests.workflows.world import World, flow

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
