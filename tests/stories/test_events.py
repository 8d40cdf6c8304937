"""Stories in which other systems tell something; the flow and the first story are those of the how-to."""

from flows.reader import read_flow
from stories import parallel
from stories.reader import read_stories
from tests.docs.pages import HOW_TO, blocks

FLOW, PAID = blocks(HOW_TO / "wait-for-an-event.md", "yaml")
MORE = """
flow: pay
given:
  http.charge: {link: there}
stories:
  - story: it is told before it is waited for, and twice
    talk:
      - contact: oi
      - bot: "Pague por aqui: there"
      - event: payment
        data: {paid_at: "2026-12-10"}
        twice: true
      - bot: "Pagamento recebido*"
      - ended: completed
  - story: it is not told
    talk:
      - contact: oi
      - bot: "Pague por aqui: there"
      - silence: 2h
      - bot: "Não consegui*"
      - ended: completed
  - story: it is not expected
    talk:
      - contact: oi
      - bot: "Pague por aqui: there"
      - event: visit
"""


def test_stories_tell_events() -> None:
    told = [*read_stories(PAID, "p.yaml"), *read_stories(MORE, "m.yaml")]
    outcomes = parallel.play({"pay": read_flow(FLOW, "pay.yaml")}, told, 1, lambda _: None)

    *right, wrong = [outcome.difference for outcome in outcomes]
    assert right == [None] * 3
    assert wrong is not None
    assert wrong.expected == "the event 'visit' to be expected"
