"""Whole flows without Temporal: card after card, calls included, until the conversation ends."""

from collections.abc import Mapping

from pydantic import JsonValue

from flows.cards.base import CALLING
from flows.flow import END, FLOW, Flow
from tests.flows.fakes import FakeConversation

MOST = 500
"""Cards after which a conversation counts as endless."""

Passed = set[tuple[str, str, str]]
"""Flow, card and exit of every way that was taken."""


async def play(flows: Mapping[str, Flow], name: str, conversation: FakeConversation) -> tuple[str, Passed]:
    """Return how the conversation ended and what it came through."""
    passed: Passed = set()
    stack: list[tuple[Flow, str, dict[str, JsonValue]]] = []
    flow, here = flows[name], flows[name].first().id
    conversation.variables = _defaults(flow, {})
    for _ in range(MOST):
        card = flow.card(here)
        exit_name = await card.play(conversation)
        assert conversation.variables.keys() <= flow.variables.keys()
        if exit_name == CALLING:
            assert conversation.called is not None
            name, inputs = conversation.called
            stack.append((flow, here, conversation.variables))
            flow, here = flows[name], flows[name].first().id
            conversation.forget()
            conversation.variables = _defaults(flow, inputs)
            continue
        passed.add((flow.flow, here, exit_name))
        conversation.forget()
        if conversation.closed is not None:
            return conversation.closed, passed
        here = flow.target(card, exit_name)
        assert not here.startswith(FLOW)
        if here == END:
            if not stack:
                return "completed", passed
            result = conversation.variables
            flow, here, conversation.variables = stack.pop()
            conversation.came_back = (exit_name, result)
    raise AssertionError(f"no end after {MOST} cards: {conversation.heard[-5:]}")


def _defaults(flow: Flow, inputs: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: variable.default for name, variable in flow.variables.items()} | dict(inputs)
