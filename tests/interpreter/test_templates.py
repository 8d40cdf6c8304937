"""Templates in a conversation: what is sent, and where the flow goes."""

import pytest

from domain.capabilities import Capabilities
from domain.message import PartState
from domain.template import MessageTemplate
from tests.interpreter.world import SETUP, World

FLOW = """
spec: 1
flow: main
fallback: sorry
cards:
  - {id: rest, card: delay, for: 3d}
  - {id: again, card: send_template, template: due, parameters: ["10/12"], exits: {undelivered: gone}}
  - {id: done, card: close, resolution: told}
  - {id: gone, card: close, resolution: gone}
  - {id: sorry, card: close, resolution: sorry}
"""
DUE = MessageTemplate(name="due", language="pt_BR", category="utility", text="Vence em {{ 1 }}.")


@pytest.mark.parametrize(
    ("state", "templates", "resolution"),
    [("sent", {"due": DUE}, "told"), ("unknown", {"due": DUE}, "told"), ("failed", {"due": DUE}, "gone")],
)
async def test_a_template_that_is_refused_takes_its_exit(
    state: PartState, templates: dict[str, MessageTemplate], resolution: str
) -> None:
    capable = SETUP.model_copy(update={"capabilities": Capabilities(templates=True)})
    world = World({"main": FLOW}, [(0, "oi")], setup=capable, templates=templates, refused={"Vence": state})
    await world.play()
    (part,) = [part for effect in world.delivered for part in effect.parts]
    assert (part.text, part.template) == ("Vence em 10/12.", DUE.filled({"1": "10/12"})[1])
    assert world.state.resolution == resolution
