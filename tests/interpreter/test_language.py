"""Which language a contact speaks: what the channel said last, unless a flow has kept another."""

from domain.contact import Known
from domain.message import Inbound
from tests.interpreter.world import START, World, flow

FLOWS = {
    "main": flow("""
  - {id: say, card: send_message, text: "{{ contact.language }}", variants: [{language: en, text: Hello}]}
  - {id: wait, card: await_interaction, timeout: 1h, exits: {no_answer: end}, next: say}
""")
}


def said(text: str, language: str) -> Inbound:
    return Inbound(message_id=text, at=START, text=text, language=language)


async def test_what_the_channel_said_last_counts_in_later_runs_too() -> None:
    script = [(0.0, said("a", "en-US")), (1.0, said("b", "")), (2.0, said("c", "pt-BR"))]
    played = World(FLOWS, list(script), turns_per_run=1)
    await played.play()
    assert played.rests
    assert played.said == ["Hello", "Hello", "pt-BR"]


async def test_what_a_flow_has_kept_counts_more() -> None:
    played = World(FLOWS, [(0, said("a", "pt-BR"))], known=Known(language="en"))
    await played.play()
    assert played.said == ["Hello"]
