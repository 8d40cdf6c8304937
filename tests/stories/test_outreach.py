"""Stories of conversations that the company opens: of the flow that opens one, and of the one that is opened."""

from flows.reader import read_flow
from stories import parallel
from stories.reader import read_stories

OPENER = """
spec: 1
flow: opener
cards:
  - id: tell
    card: open_conversation
    account: phone
    address: "5549988887777"
    template: due
    parameters: {day: "10/12"}
    flow: reply
    inputs: {plan: "600"}
    exits: {already_open: busy, failed: failed}
  - {id: told, card: close, resolution: told}
  - {id: busy, card: close, resolution: busy}
  - {id: failed, card: close, resolution: failed}
"""
REPLY = """
spec: 1
flow: reply
variables:
  plan: {type: text, input: true}
cards:
  - {id: wait, card: await_interaction, timeout: 2d, exits: {no_answer: quiet}}
  - {id: glad, card: send_message, text: "{{ plan }}, then"}
  - {id: done, card: close, resolution: done}
  - {id: quiet, card: close, resolution: quiet}
"""
OPENS = """
flow: opener
templates: {due: "It is due on {{ day }}."}
given: {open.tell: opened}
stories:
  - story: it is opened
    talk:
      - contact: hello
      - ended: told
      - called: open.tell
        arguments: {account: phone, flow: reply, inputs: {plan: "600"}, message: "It is due on 10/12."}
  - story: one is open
    given: {open.tell: already_open}
    talk: [{contact: hello}, {ended: busy}]
  - story: it fails
    given: {open.tell: failed}
    talk: [{contact: hello}, {ended: failed}]
"""
OPENED = """
flow: reply
opened: {says: "Still interested?", inputs: {plan: "600"}}
stories:
  - story: the contact answers
    talk: [{bot: "Still interested?"}, {silence: 1d}, {contact: "yes"}, {bot: "600, then"}, {ended: done}]
  - story: the contact does not answer
    opened: {inputs: {plan: "100"}}
    talk: [{silence: 2d}, {ended: quiet}]
"""


def test_what_comes_of_it_is_given_and_a_conversation_may_be_one_that_was_opened() -> None:
    flows = {"opener": read_flow(OPENER, "opener.yaml"), "reply": read_flow(REPLY, "reply.yaml")}
    told = [*read_stories(OPENS, "o.yaml"), *read_stories(OPENED, "r.yaml")]
    for outcome in parallel.play(flows, told, 1, lambda _: None):
        assert outcome.difference is None, (outcome.story, outcome.difference.args, outcome.transcript)
