from flows.play_result import CallFlow
from tests.flows.fakes import FakeConversation, card

RUN = """
id: run
card: run_flow
flow: segunda_via
inputs: {document: "{{ document }}", tries: 2}
outputs: {paid: invoice, result: missing}
"""


async def test_it_calls_the_flow_with_its_inputs() -> None:
    conversation = FakeConversation(variables={"document": "52998224725"})
    called = CallFlow("segunda_via", {"document": "52998224725", "tries": 2})
    assert await card(RUN).play(conversation) == called


async def test_when_the_flow_has_come_back_its_outputs_are_taken() -> None:
    conversation = FakeConversation(variables={"document": "1"})
    conversation.came_back = ("done", {"invoice": {"number": "7841"}, "document": "2"})
    assert await card(RUN).play(conversation) == "done"
    assert conversation.variables == {"document": "1", "paid": {"number": "7841"}, "result": None}


def test_it_says_what_it_calls_reads_and_sets() -> None:
    assert card(RUN).calls() == ("segunda_via",)
    assert set(card(RUN).values()) == {"inputs.document", "inputs.tries"}
    assert card(RUN).sets() == {"outputs.paid": "paid", "outputs.result": "result"}
