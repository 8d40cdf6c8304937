"""Whole flows without Temporal: card after card, calls included, until the conversation ends."""

from collections.abc import Mapping

from pydantic import JsonValue

from flows.cards.base import DONE
from flows.flow import END, FLOW, Flow
from flows.play_result import CallFlow, CloseConversation, Detour
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
        result = await card.play(conversation)
        assert conversation.variables.keys() <= flow.variables.keys()
        assert not isinstance(result, Detour)
        if isinstance(result, CallFlow):
            stack.append((flow, here, conversation.variables))
            flow, here = flows[result.flow], flows[result.flow].first().id
            conversation.forget()
            conversation.variables = _defaults(flow, result.inputs)
            continue
        passed.add((flow.flow, here, DONE if isinstance(result, CloseConversation) else result))
        conversation.forget()
        if isinstance(result, CloseConversation):
            return result.resolution, passed
        here = flow.target(card, result)
        assert not here.startswith(FLOW)
        if here == END:
            if not stack:
                return "completed", passed
            variables = conversation.variables
            flow, here, conversation.variables = stack.pop()
            conversation.came_back = (result, variables)
    raise AssertionError(f"no end after {MOST} cards: {conversation.heard[-5:]}")


def _defaults(flow: Flow, inputs: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: variable.default for name, variable in flow.variables.items()} | dict(inputs)
